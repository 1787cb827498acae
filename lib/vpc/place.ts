import { ipOf } from '#lib/wire/packet.ts'
import { tagged } from '#lib/wire/vlan.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import type { Eni, Subnet } from '#lib/topology/rows.ts'
import type { Decision } from '#lib/trace/decision.ts'
import type { VpcStage } from '#lib/trace/stages.ts'
import { subnetById } from '#lib/lookup/vpc-route.ts'
import { cross } from '#lib/run/clock.ts'
import { isDevice, live, place } from '#lib/run/live.ts'
import { record, type Told } from '#lib/run/record.ts'
import type { Place, Run } from '#lib/run/run.ts'
import { scrubbed, type Skb } from '#lib/run/skb.ts'

/* The VPC as a guest and its documentation show it. Not modelled, because AWS does not publish it: the outer header, the mapping service, which host checks what.
   The order of checks is SG, source/destination check, NACL, route table on the way out and the reverse on the way in (VPC_Security.md; the slot of the source/destination check is inferred). */

/** In a VPC, at an ENI or a gateway (`on` is its id). */
export interface InVpc extends Place {
  readonly v: Vpc
  readonly on: string
}

/** The interface that a packet is at. */
export interface AtEni extends InVpc {
  readonly eni: Eni
}

export function atEni({ run, v }: InVpc, eni: Eni): AtEni {
  return { run, in: v.name, on: eni.id, v, eni }
}

export function inVpc(run: Run, v: Vpc, on: string): InVpc {
  return { run, in: v.name, on, v }
}

/** A step of the VPC's. */
export function say(
  at: InVpc,
  s: Skb,
  told: Told & { readonly stage: VpcStage; readonly decision: Decision },
): void {
  record(at, s, told)
}

export function subnetOf({ v, eni }: AtEni): Subnet | undefined {
  return v.subnets[subnetById(v, eni.subnet)]
}

/** A NIC without its interface, or an interface without its subnet: somebody took the row away. Nobody carries the frame. */
export function unplugged(at: InVpc, s: Skb): void {
  say(at, s, {
    stage: 'vpc-encap',
    decision: { kind: 'vpc-mapping', dst: ipOf(s.packet)?.dst ?? '0.0.0.0', eni: null },
    drop: { reason: 'link-down', dev: at.on },
  })
}

/** A frame for who has the interface: by the device of its trunk and with its tag, where it is a branch. */
export function toGuest({ run, eni }: AtEni, s: Skb): void {
  const { branch } = eni
  if (branch !== undefined)
    s.packet = tagged(s.packet, { kind: 'vlan', pcp: 0, dei: false, vid: branch.vlan })
  arrive(run, eni.attached, s)
}

/** A frame reaches the machine behind an interface: its device takes it, if it is still there. */
export function arrive(
  run: Run,
  { netns, dev }: { readonly netns: string; readonly dev: string },
  s: Skb,
): void {
  cross(run, () => {
    const arrived = scrubbed(s)
    const at = place(live(run, netns), dev)
    if (isDevice(at)) run.ports.receive(at, arrived)
    else
      record(at, arrived, {
        stage: 'rx',
        decision: at.received,
        drop: { reason: 'link-down', dev },
      })
  })
}
