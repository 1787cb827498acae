import { addressOf, isGroup } from '#lib/wire/addr.ts'
import { ipOf, pop, type Ethernet } from '#lib/wire/packet.ts'
import type { End, IpvlanDev } from '#lib/topology/devs.ts'
import type { RouteAnswer } from '#lib/lookup/route.ts'
import { lookupOut } from '#lib/lookup/out.ts'
import { asProcess, cross, wake } from '#lib/run/clock.ts'
import { device, live } from '#lib/run/live.ts'
import { record } from '#lib/run/record.ts'
import type { At, Run } from '#lib/run/run.ts'
import { scrubbed, type Skb } from '#lib/run/skb.ts'
import { ethernet, type Kind } from './device.ts'
import { below } from './stacked.ts'
import { notReady, overMtu, transmit } from './transmit.ts'

/* drivers/net/ipvlan: slaves behind one MAC, told apart by their addresses. */

type Slave = At<IpvlanDev>

/** Mode L2: a slave has its own ARP, and its frames leave by the master as they are. */
const l2 = ethernet<IpvlanDev>({
  tells: true,
  carrier,
  /** ipvlan_xmit_mode_l2() */
  xmit(at, s) {
    const master = below(at)
    if (master === undefined || !carrier(at)) return notReady(at, s, at.dev.link.dev)
    transmit(at, s)
    const frame = s.packet.headers[0] as Ethernet
    if (frame.dst === frame.src) return toOwn(at, s, owner(at.run, at.dev.link, s) ?? master)
    if (isGroup(frame.dst)) return wake(at.run, 'wire', () => toAll(at, s, master))
    at.run.ports.xmit(master, s)
  },
})

/** Modes L3 and L3S: no ARP; what leaves is routed by the master's namespace, as if made there. */
const l3 = ethernet<IpvlanDev>({
  resolve: 'own',
  carrier,
  /** ipvlan_xmit_mode_l3() */
  xmit(at, s) {
    const master = below(at)
    if (master === undefined || !carrier(at)) return notReady(at, s, at.dev.link.dev)
    transmit(at, s)
    const to = owner(at.run, at.dev.link, s)
    if (to !== null) return toOwn(at, s, to)
    outbound(at, s, master)
  },
})

/** How a slave in this mode behaves. */
export const ipvlanIn = (mode: IpvlanDev['mode']): Kind<IpvlanDev> => (mode === 'l2' ? l2 : l3)

/** netif_stacked_transfer_operstate() is asked while the master is up: one that was set down leaves its slaves their carrier. */
function carrier(at: Slave): boolean {
  const master = below(at)
  return master !== undefined && (!master.dev.up || master.kind.carrier(master))
}

/** The slaves of a master, the oldest first. */
function slavesOf(run: Run, master: End): Slave[] {
  const found: Slave[] = []
  for (const x of run.stack?.on(master) ?? [])
    if (x.dev.kind === 'ipvlan') found.push(device(live(run, x.in), x.dev.name) as Slave)
  return found
}

/** ipvlan_addr_lookup(): the slave that has the destination; who is down has none (ipvlan_stop()). */
function owner(run: Run, master: End, s: Skb): Slave | null {
  const h = s.packet.headers[1]
  const dst = h?.kind === 'arp' ? h.tpa : ipOf(s.packet)?.dst
  return slavesOf(run, master).find((x) => x.dev.up && hasAddress(x, dst)) ?? null
}

function hasAddress({ dev }: Slave, ip: string | undefined): boolean {
  return dev.addrs.some((a) => addressOf(a) === ip)
}

/** dev_forward_skb() to another slave, or to the master itself. */
function toOwn(at: Slave, s: Skb, to: At): void {
  const lost = overMtu(to, s)
  if (lost !== null) return record(to, s, { stage: 'rx', ...lost })
  cross(at.run, () => at.run.ports.receive(to, scrubbed(s)))
}

/** ipvlan_process_multicast(), a worker: to each of the others, then out. */
function toAll(at: Slave, s: Skb, master: At): void {
  const { run } = at
  for (const slave of slavesOf(run, at.dev.link)) if (slave !== at && slave.dev.up) copyTo(slave, s)
  asProcess(run, () => run.ports.xmit(master, scrubbed(s)))
}

function copyTo(slave: Slave, s: Skb, to?: Skb['to']): void {
  const copy = scrubbed(s)
  copy.copy = true
  asProcess(slave.run, () => cross(slave.run, () => slave.run.ports.receive(slave, copy, to)))
}

/** ipvlan_process_v4_outbound(): it must leave by the master; where no route does, the destination is taken to be on its link. */
function outbound(at: Slave, s: Skb, master: At): void {
  const { run } = at
  const ip = ipOf(s.packet)
  const frame = s.packet.headers[0] as Ethernet
  if (ip === undefined || isGroup(frame.dst))
    return record(at, s, {
      stage: 'xmit',
      decision: at.transmitted,
      drop: { reason: 'bad-packet' },
    })
  s.packet = pop(s.packet)
  const out = scrubbed(s)
  if (at.l === master.l) out.mark = s.mark
  const by = { src: ip.src, mark: out.mark }
  const way: RouteAnswer = lookupOut(master.l.n, master.dev.name, (n) =>
    run.asks.route(n, ip.dst, by),
  )
  run.ports.localOut(master.l.here, out, { way })
}

/** ipvlan_handle_frame(), the master's rx_handler: whose frame is it? True: the master's own, or also the master's. */
export function fromMaster(at: At, s: Skb): boolean {
  const { run } = at
  const end = { netns: at.in, dev: at.dev.name }
  const slaves = slavesOf(run, end)
  const mode = slaves[0]?.dev.mode
  if (mode === undefined || mode === 'l3s') return true
  const frame = s.packet.headers[0]
  if (mode === 'l2' && frame?.kind === 'ethernet' && isGroup(frame.dst)) {
    // ipvlan_external_frame(): a slave's own question that came back is nobody's.
    if (frame.src === at.dev.mac && slaves.some((x) => hasAddress(x, sender(s)))) return true
    const seen = { ...s }
    wake(run, 'wire', () => {
      for (const slave of slaves) if (slave.dev.up) copyTo(slave, seen, seen.to)
    })
    return true
  }
  const to = owner(run, end, s)
  if (to === null) return true
  // RX_HANDLER_ANOTHER: whom the frame is for has been said.
  run.ports.receive(to, scrubbed(s), s.to)
  return false
}

function sender(s: Skb): string | undefined {
  const h = s.packet.headers[1]
  return h?.kind === 'arp' ? h.spa : ipOf(s.packet)?.src
}

/** ipvlan_l3_rcv(), in mode L3S: the slave whose address it is behind the master's PREROUTING; null if it is nobody's. */
export function l3mdev(at: At, s: Skb): At | null {
  const to = owner(at.run, { netns: at.in, dev: at.dev.name }, s)
  return to?.dev.mode === 'l3s' ? to : null
}
