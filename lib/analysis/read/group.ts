import { ipOf, type Packet } from '#lib/wire/packet.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import { sgMiss, type SgMiss, type VpcQuestion } from '#lib/lookup/security-group.ts'

/** A packet as a filter of the VPC looks at it: its outermost headers. Fragments and ICMP have no ports, 0. */
export function asFiltered(packet: Packet): VpcQuestion {
  const ip = ipOf(packet)
  const next = ip === undefined ? undefined : packet.headers[packet.headers.indexOf(ip) + 1]
  const l4 = next?.kind === 'tcp' || next?.kind === 'udp' ? next : undefined
  return {
    proto: ip?.proto ?? 0,
    sport: l4?.sport ?? 0,
    dport: l4?.dport ?? 0,
    src: ip?.src ?? '0.0.0.0',
    dst: ip?.dst ?? '0.0.0.0',
  }
}

/** Why a rule of a security group is not the one for this packet: the first thing of it that does not fit. Null: it fits. `row` is a row of sgRules. */
export const groupMiss = (v: Vpc, row: number, packet: Packet): SgMiss | null =>
  sgMiss(v, row, asFiltered(packet))
