import {
  asFiltered,
  groupMiss,
  inCidr,
  ipOf,
  PROTO,
  vpc,
  type AclRule,
  type Eni,
  type Packet,
  type Ref,
  type SgRule,
  type Vpc,
} from '#lib/index.ts'
import { decides } from '#components/words/decides.ts'
import type { Asked, Decided, Mark, Row } from './table.ts'
import { few, inOrder } from './few.ts'
import { otherwise } from './prefixes.ts'

/* What AWS asks at an interface. */

const end = (a: { readonly step: { readonly drop: unknown } }): Mark =>
  a.step.drop === null ? 'wins' : 'ends'

function protocolOf(packet: Packet): string {
  const number = ipOf(packet)?.proto
  return (Object.entries(PROTO).find(([, n]) => n === number)?.[0] ?? '').toUpperCase()
}

/** `UDP from 192.168.0.100`: as much of the packet as a rule looks at. */
function packetText(packet: Packet, direction: 'ingress' | 'egress'): string {
  const ip = ipOf(packet)
  const proto = protocolOf(packet)
  const peer = (direction === 'ingress' ? ip?.src : ip?.dst) ?? ''
  return `${proto} ${decides().peer(peer, direction)}`
}

function traffic(r: Pick<SgRule | AclRule, 'proto' | 'ports'>): string {
  const [from, to] = r.ports ?? [null, null]
  return decides().traffic(r.proto, from === null ? '' : from === to ? `${from}` : `${from}–${to}`)
}

export function group(a: Asked<'security-group'>): Decided | null {
  const { d, step, topology } = a
  const v = vpc(topology, step.in)
  const eni = v?.enis.find((e) => e.id === d.eni)
  if (v === undefined || eni === undefined) return null
  if (d.tracked) return flow(v, a)
  const says = decides()
  const rows = v.sgRules.flatMap((r, row): readonly Row[] => {
    if (r.direction !== d.direction || !eni.groups.includes(r.group)) return []
    const won = row === d.matched?.row
    return [
      {
        ref: { in: step.in, table: 'sgRules', row },
        bits: null,
        name: `${traffic(r)} ${says.peer(r.peer, d.direction)}`,
        leads: r.group,
        mark: won ? end(a) : 'no',
        says: won ? says.allows : misses({ v, row, packet: step.packet }),
      },
    ]
  })
  return {
    table: 'sgRules',
    in: step.in,
    title: 'aws ec2 describe-security-groups',
    prompt: false,
    asks: says.mayPass(packetText(step.packet, d.direction), d.direction),
    ...few(d.matched === null ? [...rows, otherwise(says.anythingElse, says.nothingAllows)] : rows),
  }
}

/** Why a rule that does not let the packet in is not the one. */
function misses({
  v,
  row,
  packet,
}: {
  readonly v: Vpc
  readonly row: number
  readonly packet: Packet
}): string {
  const says = decides()
  const { proto, direction } = v.sgRules[row]!
  switch (groupMiss(v, row, packet)) {
    case 'proto':
      return says.otherProtocol(protocolOf(packet), proto.toUpperCase())
    case 'ports':
      return says.otherPort(asFiltered(packet).dport)
    case 'peer':
      return says.otherPeer(direction)
    case null:
      return says.notNeeded
  }
}

/** The flow began with leave: then no rule is asked. */
function flow(v: Vpc, a: Asked<'security-group'>): Decided {
  const { d, step } = a
  const says = decides()
  const rows = v.sgFlows.flatMap((f, row): readonly Row[] => {
    if (f.eni !== d.eni) return []
    const won = d.matched?.table === 'sgFlows' && row === d.matched.row
    return [
      {
        ref: { in: step.in, table: 'sgFlows', row },
        bits: null,
        name: `${f.proto} ${f.src} → ${f.dst}`,
        leads: f.proto === 'icmp' ? '' : `${f.sport} → ${f.dport}`,
        mark: won ? end(a) : 'no',
        says: won ? says.tracked : says.anotherFlow,
      },
    ]
  })
  return {
    table: 'sgFlows',
    in: step.in,
    title: says.flowsTracked(d.eni),
    prompt: false,
    asks: says.mayPass(packetText(step.packet, d.direction), d.direction),
    ...few(
      rows.some((r) => r.mark !== 'no')
        ? rows
        : [...rows, otherwise(says.anythingElse, says.tracked, end(a))],
    ),
  }
}

export function acl(a: Asked<'network-acl'>): Decided | null {
  const { d, step, topology } = a
  const v = vpc(topology, step.in)
  if (v === undefined) return null
  const says = decides()
  const rows = v.aclRules
    .map((r, row) => ({ r, row }))
    .filter(({ r }) => r.subnet === d.subnet && r.direction === d.direction)
    .toSorted((x, y) => x.r.number - y.r.number || x.row - y.row)
    .map(({ r, row }): Row => {
      const won = row === d.matched?.row
      return {
        ref: { in: step.in, table: 'aclRules', row },
        bits: null,
        name: `${r.number}: ${traffic(r)} ${says.peer(r.cidr, d.direction)}`,
        leads: r.action,
        mark: won ? end(a) : 'no',
        says: won ? says.aclSays(r.action) : says.aclNo,
      }
    })
  const last = step.drop === null ? says.aclDefault : says.aclLast
  return {
    table: 'aclRules',
    in: step.in,
    title: 'aws ec2 describe-network-acls',
    prompt: false,
    asks: says.mayPass(packetText(step.packet, d.direction), d.direction),
    ...(d.matched === null ? few([...rows, otherwise('*', last, end(a))]) : inOrder(rows)),
  }
}

/** Is the source, or the destination, one of the interface's addresses? */
export function ownAddresses(a: Asked<'source-dest-check'>): Decided | null {
  const { d, step, topology } = a
  const e = vpc(topology, step.in)?.enis[d.eni.row]
  if (e === undefined) return null
  const says = decides()
  // A range of its own is a secondary one; of listed addresses the first is primary.
  const rows = [...e.ips, ...(e.prefixes ?? [])].map((ip, i): Row => {
    const won = ip === d.ip || (ip.includes('/') && inCidr(d.ip, ip))
    return {
      ref: d.eni,
      bits: null,
      name: ip,
      leads: i === 0 ? says.primary : says.secondary,
      mark: won ? end(a) : 'no',
      says: won ? says.ownAddressOf : says.another,
    }
  })
  const other: Row = {
    ...otherwise(says.otherAddresses, step.drop === null ? says.checkOff : says.notOwn, end(a)),
    ref: d.eni,
  }
  return {
    table: 'enis',
    in: step.in,
    title: 'aws ec2 describe-network-interfaces',
    prompt: false,
    asks: says.ownOf(d.ip, e.id),
    ...few(rows.some((r) => r.mark !== 'no') ? rows : [...rows, other]),
  }
}

export function interfaceOf(a: Asked<'vpc-mapping'>): Decided | null {
  const { d, step, topology } = a
  const v = vpc(topology, step.in)
  if (v === undefined) return null
  if (d.peer !== undefined) return hostOf(a, v, d.peer)
  const says = decides()
  const rows = v.enis.map((e: Eni, row): Row => {
    const won = row === d.eni?.row
    return {
      ref: { in: step.in, table: 'enis', row },
      bits: null,
      name: says.more(won ? d.dst : (e.ips[0] ?? ''), e.ips.length - 1),
      leads: e.id,
      mark: won ? end(a) : 'no',
      says: won ? says.mapped : says.otherInterface,
    }
  })
  return {
    table: 'enis',
    in: step.in,
    title: 'aws ec2 describe-network-interfaces',
    prompt: false,
    asks: says.whichInterface(d.dst),
    ...few(d.eni === null ? [...rows, otherwise(says.anythingElse, says.unmapped)] : rows),
  }
}

/** The host of a peered VPC that a packet is carried to. */
function hostOf(a: Asked<'vpc-mapping'>, v: Vpc, { row, in: name }: Ref): Decided {
  const says = decides()
  const { gateway } = v.outside[row]!
  const rows = v.outside.flatMap((h, i): Row[] =>
    h.gateway === gateway
      ? [
          {
            ref: { in: name, table: 'outside', row: i },
            bits: null,
            name: h.ip,
            leads: h.attached.netns,
            mark: i === row ? end(a) : 'no',
            says: i === row ? says.peerHas : says.otherInterface,
          },
        ]
      : [],
  )
  return {
    table: 'outside',
    in: name,
    title: 'aws ec2 describe-vpc-peering-connections',
    prompt: false,
    asks: says.whichPeer(gateway),
    ...few(rows),
  }
}
