import { isGroup, type Mac } from '#lib/wire/addr.ts'
import { ipLength, ipOf, isIp, pop, type Ethernet } from '#lib/wire/packet.ts'
import type { BridgeDev, Dev } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { l4Of } from '#lib/lookup/rule.ts'
import { isPortMac, portsOf } from '#lib/lookup/link.ts'
import { forwards, sysctl } from '#lib/lookup/sysctl.ts'
import { forward, postrouting, prerouting } from '#lib/nf/hooks.ts'
import { device, isDevice, own, place } from '#lib/run/live.ts'
import { NO_WRITES, record, ref, tap } from '#lib/run/record.ts'
import type { At, Behind, Here } from '#lib/run/run.ts'
import { addressee, type Skb } from '#lib/run/skb.ts'
import { ethernet } from './device.ts'
import { withNeighbour } from './neigh.ts'
import { notReady, overMtu, transmit } from './transmit.ts'

type Bridge = At<BridgeDev>

/** A frame on its way through a bridge. */
interface Crossing {
  readonly bridge: Bridge
  /** The port it came by; null: the host's own. */
  readonly port: Dev | null
  readonly frame: Ethernet
  /** br_netfilter looks at it. */
  readonly filtered: boolean
  /** What was learned from it, until a step says so. */
  readonly writes: readonly Edit[]
}

export const bridge = ethernet<BridgeDev>({
  /** Where no port has carrier the bridge has none. */
  carrier: ({ l, dev }) => portsOf(l.n, dev.name).some((p) => eligible(device(l, p.name)!)),
  /** br_dev_xmit(): a frame of the host's own leaves through the ports. */
  xmit(at, s) {
    if (!bridge.carrier(at)) return notReady(at, s, at.dev.name)
    transmit(at, s)
    const frame = s.packet.headers[0] as Ethernet
    const hit = isGroup(frame.dst) ? null : lookup(at, frame.dst)
    if (hit === null || hit.port === at.dev.name)
      return flood({ bridge: at, port: null, frame, filtered: false, writes: NO_WRITES }, s)
    record(at, s, {
      stage: 'bridge',
      decision: {
        kind: 'fdb',
        mac: frame.dst,
        matched: ref(at.in, 'fdb', hit.index),
        ports: [hit.port],
        up: false,
      },
    })
    push(at, s, hit.port)
  },
})

/** br_handle_frame(): a port took a frame. Learn, br_netfilter's PREROUTING, then where to. */
export function fromPort(port: At, s: Skb): void {
  const { l } = port
  const at = place(l, port.dev.master ?? '')
  if (!isBridge(at) || !at.dev.up)
    return record(port, s, {
      stage: 'bridge',
      decision: at.received,
      drop: { reason: 'link-down', dev: at.on! },
    })
  const frame = s.packet.headers[0] as Ethernet
  const writes = learn(at, frame.src, port.dev.name)
  const filtered =
    isIp(s.packet.headers[1]) && sysctl(l.n, 'net.bridge.bridge-nf-call-iptables', 1) === 1
  const x: Crossing = { bridge: at, port: port.dev, frame, filtered, writes }
  if (filtered) {
    const before = ipOf(s.packet)!.dst
    s.frame = frame
    s.physIn = port.dev.name
    if (!prerouting(at, s)) return
    s.sabotaged = true
    if (ipOf(s.packet)!.dst !== before) return bridgedDnat(x, s)
  }
  finish(x, s)
}

function isBridge(at: Here): at is Bridge {
  return isDevice(at) && at.dev.kind === 'bridge'
}

/** br_handle_frame_finish() */
function finish(x: Crossing, s: Skb): void {
  const { bridge: at, frame, writes } = x
  if (isGroup(frame.dst)) {
    flood(x, s)
    return passUp(at, { ...s, copy: true }, frame)
  }
  const hit = lookup(at, frame.dst)
  if (hit === null) return flood(x, s)
  const matched = ref(at.in, 'fdb', hit.index)
  if (hit.port === at.dev.name) {
    record(at, s, {
      stage: 'bridge',
      decision: { kind: 'fdb', mac: frame.dst, matched, ports: [hit.port], up: true },
      writes,
    })
    return passUp(at, s, frame)
  }
  const target = device(at.l, hit.port)
  const usable =
    target !== undefined &&
    eligible(target) &&
    (target.dev.name !== x.port?.name || target.dev.hairpin === true)
  record(at, s, {
    stage: 'bridge',
    decision: {
      kind: 'fdb',
      mac: frame.dst,
      matched,
      ports: usable ? [hit.port] : [],
      up: false,
    },
    writes,
    drop: usable ? null : { reason: 'bridge-no-target', dst: frame.dst },
  })
  if (usable) forwardTo(x, s, target)
}

/** br_forward() with br_netfilter's FORWARD and POSTROUTING: no route, no TTL. */
function forwardTo({ bridge: at, filtered }: Crossing, s: Skb, target: At): void {
  const { name, mtu } = target.dev
  if (!filtered) return push(at, s, name)
  s.physOut = name
  if (!forward(at, s, at.dev.name)) return
  if (!postrouting(at, s, true)) return
  const [frame, bare] = [s.packet.headers[0] as Ethernet, { ...s, packet: pop(s.packet) }]
  // br_nf_dev_queue_xmit(): the port's MTU decides whether to fragment, the bridge's how large the pieces are. Nobody is told.
  const [length, ip] = [ipLength(s.packet), ipOf(s.packet)]
  if (length <= (s.fragMax > 0 ? Math.min(s.fragMax, mtu) : mtu)) return push(at, s, name)
  if (ip?.df === true || s.fragMax > at.dev.mtu)
    return record(target, s, {
      stage: 'bridge',
      decision: { kind: 'mtu', dev: name, mtu, size: length, df: true },
      drop: { reason: 'too-big', mtu, size: length, dev: name },
    })
  for (const piece of at.run.ports.split(target, bare, at.dev.mtu))
    push(
      at,
      {
        ...piece,
        packet: { headers: [frame, ...piece.packet.headers], payload: piece.packet.payload },
      },
      name,
    )
}

/** br_dev_queue_push_xmit(): a packet too big for the port is lost silently; bridges send no ICMP. */
function push(at: Bridge, s: Skb, port: string): void {
  const target = place(at.l, port)
  if (!isDevice(target) || !eligible(target))
    return record(at, s, {
      stage: 'bridge',
      decision: target.transmitted,
      drop: { reason: 'link-down', dev: port },
    })
  const lost = overMtu(target, s)
  if (lost !== null) return record(target, s, { stage: 'bridge', ...lost })
  at.run.ports.xmit(target, s)
}

/** br_flood(): to every port but the one it came by (unless hairpin), newest port first as the kernel's list has them. */
function flood(x: Crossing, s: Skb): void {
  const { bridge: at, port: from } = x
  const mac = x.frame.dst
  const group = isGroup(mac)
  const ports = portsBut(at, from)
  record(at, s, {
    stage: 'bridge',
    decision: {
      kind: 'fdb',
      mac,
      matched: null,
      ports: ports.map((p) => p.dev.name),
      up: group && from !== null,
    },
    writes: x.writes,
    drop: ports.length === 0 && !group ? { reason: 'bridge-no-target', dst: mac } : null,
  })
  for (const target of ports) {
    // deliver_clone(): a clone is cut anew.
    const copy: Skb = {
      ...s,
      came: ports.length > 1 || group ? null : s.came,
      copy: s.copy || ports.length > 1 || (from !== null && group),
    }
    if (from === null) push(at, copy, target.dev.name)
    else forwardTo(x, copy, target)
  }
}

/** A port forwards if it is up and its other end is (a veth without its peer has no carrier). */
function eligible(port: At): boolean {
  return port.dev.up && port.kind.carrier(port)
}

/** The ports a flood leaves by. */
function portsBut({ l, dev: bridge }: Bridge, from: Dev | null): readonly At[] {
  const found: At[] = []
  for (const dev of portsOf(l.n, bridge.name)) {
    if (dev.name === from?.name && dev.hairpin !== true) continue
    const port = device(l, dev.name)!
    if (eligible(port)) found.push(port)
  }
  return found.reverse()
}

/** br_pass_frame_up(): to the host, as the bridge device. */
function passUp(at: Bridge, s: Skb, frame: Ethernet): void {
  s.iif = at.dev.name
  // ip_rcv_core() clears what br_netfilter noted when it put the packet together.
  s.fragMax = 0
  // br_handle_frame() makes it the host's if it is to the bridge; to another of its ports it comes up, and nobody takes it.
  s.to = isGroup(frame.dst) || s.to !== 'host' ? addressee(frame, at.dev.mac) : 'host'
  record(at, s, { stage: 'rx', decision: at.received })
  tap(at, s, 'in')
  at.run.ports.upper(at, s)
}

/** The frame with other MACs around the same packet. */
function reframe(s: Skb, frame: Ethernet): void {
  s.packet = { headers: [frame, ...s.packet.headers.slice(1)], payload: s.packet.payload }
}

/** br_nf_pre_routing_finish() after DNAT: it is routed in (ip_route_input) before any tap of the bridge sees it. To a pod of this bridge the frame is switched on with a new destination MAC; else it goes up. */
function bridgedDnat(x: Crossing, s: Skb): void {
  const { bridge: at, frame, writes } = x
  const { l, dev, run } = at
  const ip = ipOf(s.packet)!
  const r = run.asks.route(l.n, ip.dst, {
    src: ip.src,
    iif: dev.name,
    mark: s.mark,
    l4: l4Of(l.n, s.packet),
  })
  // Without forwarding the way in is none (ip_error), and that is not on this bridge either.
  const through = r.type === 'unicast' && forwards(l.n, dev.name)
  const ends = r.type === 'local' || through
  const sending = { src: ip.src, dst: ip.dst, out: through ? r.dev : null }
  if (ends && !run.ports.maySend(at, s, sending)) return
  if (!through || r.dev !== dev.name) {
    s.asked = ends
    const up: Ethernet = { ...frame, dst: dev.mac }
    reframe(s, up)
    record(at, s, {
      stage: 'bridge',
      decision: { kind: 'fdb', mac: dev.mac, matched: null, ports: [dev.name], up: true },
      writes,
    })
    return passUp(at, s, up)
  }
  withNeighbour(at, s, {
    ip: r.via ?? ip.dst,
    next(lladdr, header) {
      const back: Ethernet = { ...frame, dst: lladdr }
      if (header) {
        reframe(s, back)
        return finish({ ...x, frame: back }, s)
      }
      // neigh->output() shows the frame once on the bridge with its own MAC before br_netfilter takes it back and restores the sender's.
      reframe(s, { ...frame, src: dev.mac, dst: lladdr })
      record(at, s, { stage: 'xmit', decision: at.transmitted, writes })
      tap(at, s, 'out')
      reframe(s, back)
      finish({ ...x, frame: back, writes: NO_WRITES }, s)
    },
  })
}

/** br_fdb_find(): where the bridge sends this MAC: itself (its own or a port's MAC), a port, or null: unknown. */
function lookup(at: Bridge, mac: Mac): Behind | null {
  return at.run.asks.behind(found(at, mac), mac, { n: at.l.n, name: at.dev.name })
}

function found({ run, l, dev }: Bridge, mac: Mac): Behind | null {
  if (mac === dev.mac) return { port: dev.name, index: -1 }
  const learned = l.fdb.size === 0 ? undefined : l.fdb.get(`${dev.name}|${mac}`)
  if (learned !== undefined) return learned
  const index = run.asks.fdb(l.n, dev.name, mac)
  const row = index < 0 ? undefined : l.n.fdb[index]
  if (row !== undefined) return { port: row.dev, index }
  return isPortMac(l.n, dev.name, mac) ? { port: dev.name, index: -1 } : null
}

/** br_fdb_update(): the sender is behind this port. */
function learn(at: Bridge, mac: Mac, port: string): readonly Edit[] {
  if (isGroup(mac) || lookup(at, mac)?.port === port) return NO_WRITES
  const { run, l, dev } = at
  const id = `${dev.name}|${mac}`
  const known = l.fdb.get(id)?.index ?? run.asks.fdb(l.n, dev.name, mac)
  const index = known >= 0 ? known : l.fdbRows
  if (known < 0) l.fdbRows += 1
  own(l, 'fdb').set(id, { port, index })
  return [
    known >= 0
      ? {
          op: 'set',
          in: l.n.name,
          table: 'fdb',
          where: { mac, master: dev.name },
          to: { dev: port },
        }
      : {
          op: 'add',
          in: l.n.name,
          table: 'fdb',
          row: { mac, dev: port, master: dev.name, state: 'learned' },
        },
  ]
}
