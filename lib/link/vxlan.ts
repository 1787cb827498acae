import type { Mac } from '#lib/wire/addr.ts'
import { find, ipOf, pop, PROTO, push, type Ethernet, wholeIp } from '#lib/wire/packet.ts'
import type { Dev, VxlanDev } from '#lib/topology/devs.ts'
import type { Netns } from '#lib/topology/topology.ts'
import type { Decision } from '#lib/trace/decision.ts'
import { indexed } from '#lib/topology/indexed.ts'
import { localAddress } from '#lib/lookup/local.ts'
import { defaultTtl, LOCAL_PORTS } from '#lib/lookup/sysctl.ts'
import { cross } from '#lib/run/clock.ts'
import { device, nextId } from '#lib/run/live.ts'
import { record, ref } from '#lib/run/record.ts'
import type { At, Live } from '#lib/run/run.ts'
import { scrubbed, type Skb } from '#lib/run/skb.ts'
import { ethernet } from './device.ts'
import { outerTos, sendOuter, tooDeep } from './outer.ts'
import { sourcePort } from './source-port.ts'
import { transmit } from './transmit.ts'

const NONE: readonly VxlanDev[] = []
const byPort = indexed((devs: readonly Dev[]) => {
  const ports = new Map<number, VxlanDev[]>()
  for (const d of devs) {
    if (d.kind !== 'vxlan' || !d.up) continue
    const same = ports.get(d.port)
    if (same === undefined) ports.set(d.port, [d])
    else same.push(d)
  }
  return ports
})

/** VXLAN devices that are up and receive on this UDP port, in the order of their rows. */
export function vxlansOn(n: Netns, port: number): readonly VxlanDev[] {
  return byPort(n.devs).get(port) ?? NONE
}

/** A VXLAN tunnel endpoint (RFC 7348): the FDB names the remote, the frame becomes the payload of a UDP datagram to it. */
export const vxlan = ethernet<VxlanDev>({
  cutsAnew: true,
  xmit(at, s) {
    transmit(at, s)
    const { run, l, dev } = at
    const mac = (s.packet.headers[0] as Ethernet).dst
    const index = run.asks.remote(l.n, dev.name, mac)
    const remote = index < 0 ? undefined : l.n.fdb[index]?.dst
    if (remote === undefined)
      return record(at, s, {
        stage: 'tunnel',
        decision: { kind: 'fdb', mac, matched: null, ports: [], up: false },
        drop: { reason: 'vxlan-no-remote', mac },
      })
    const wraps = wrapsFor(at, { mac, index, remote })
    if (tooDeep(at))
      return record(at, s, {
        stage: 'tunnel',
        decision: wraps,
        drop: { reason: 'too-nested', dev: dev.name },
      })
    if (
      run.asks.route(l.n, remote, { src: dev.local }).type === 'local' &&
      localAddress(l.n, dev.local) !== null
    )
      return bypass(at, s, wraps)
    wrap(at, s, remote)
    record(at, s, { stage: 'tunnel', decision: wraps })
    sendOuter(at, s)
  },
  tunnel({ l }, { port }) {
    const devs = vxlansOn(l.n, port)
    return devs.length === 0 ? null : (s) => receive(l, s, devs)
  },
})

function wrapsFor(
  { l }: At,
  { mac, index, remote }: { readonly mac: Mac; readonly index: number; readonly remote: string },
): Decision {
  return {
    kind: 'fdb',
    mac,
    matched: ref(l.n.name, 'fdb', index),
    ports: [remote],
    up: false,
  }
}

/** vxlan_xmit_one(): the outer TTL starts afresh, DF is clear whatever the inner says, only the ECN bits are copied; the checksum is computed unless switched off. */
function wrap({ run, l, dev }: At<VxlanDev>, s: Skb, remote: VxlanDev['local']): void {
  const inner = ipOf(s.packet)
  const outer = run.asks.outer(
    {
      ttl: defaultTtl(l.n),
      tos: outerTos(0, inner?.tos ?? 0),
      df: false,
      sport: sourcePort(s.packet, LOCAL_PORTS),
    },
    s.packet,
  )
  s.packet = push(
    s.packet,
    wholeIp({
      src: dev.local,
      dst: remote,
      ttl: outer.ttl,
      id: nextId(l),
      df: outer.df,
      tos: outer.tos,
      proto: PROTO.udp,
    }),
    {
      kind: 'udp',
      sport: outer.sport,
      dport: dev.port,
      ...(dev.udpcsum ? {} : { nocheck: true }),
    },
    { kind: 'vxlan', vni: dev.vni, flags: 8 },
  )
}

/** encap_bypass_if_local(): the other end is here too, so nothing is wrapped: its device has the frame as one for the host. Without such a device it is lost. */
function bypass(at: At<VxlanDev>, s: Skb, wraps: Decision): void {
  const { run, l, dev } = at
  const name = vxlansOn(l.n, dev.port).find((x) => x.vni === dev.vni)?.name
  const there = name === undefined ? undefined : device(l, name)
  record(at, s, {
    stage: 'tunnel',
    decision: wraps,
    drop: there === undefined ? { reason: 'vxlan-unknown-vni', vni: dev.vni } : null,
  })
  if (there === undefined) return
  const inner = scrubbed(s)
  inner.mark = s.mark
  cross(run, () => run.ports.receive(there, inner, 'host'))
}

/** vxlan_rcv(): does this device's tunnel socket take the datagram? The VNI decides; flags other than I make it drop. */
function receive(l: Live, s: Skb, devs: readonly VxlanDev[]): void {
  const { run } = l
  const vx = find(s.packet, 'vxlan')
  const d = devs.find((x) => x.vni === vx?.vni)
  const at = device(l, (d ?? devs[0]!).name)!
  const decision = { kind: 'device', dev: at.row, did: 'decapsulate' } as const
  if (vx === undefined || d === undefined)
    return record(at, s, {
      stage: 'tunnel',
      decision,
      drop:
        vx === undefined ? { reason: 'bad-packet' } : { reason: 'vxlan-unknown-vni', vni: vx.vni },
    })
  s.packet = pop(s.packet, 3)
  record(at, s, { stage: 'tunnel', decision })
  const inner = scrubbed(s)
  inner.mark = s.mark
  inner.markedBy = s.markedBy
  // gro_cells: the inner frame is queued, not handled at once.
  cross(run, () => run.ports.receive(at, inner))
}
