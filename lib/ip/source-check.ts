import { usesDevice } from '#lib/lookup/route.ts'
import { isLoopback, isMulticast, type Address } from '#lib/wire/addr.ts'
import type { Ref } from '#lib/topology/topology.ts'
import type { Drop } from '#lib/trace/drop.ts'
import { l4Of } from '#lib/lookup/rule.ts'
import { broadcastAddress, hasAddress, localAddress } from '#lib/lookup/local.ts'
import { customRules } from '#lib/lookup/rule.ts'
import { confMax, redirects } from '#lib/lookup/sysctl.ts'
import type { Sending } from '#lib/run/ports.ts'
import { record, ref } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { routesLocalnet } from './localnet.ts'
import { noWay } from './way.ts'

/** ip_route_input_slow(): no martians. */
export function addresses(at: At, s: Skb, { src, dst }: Pick<Sending, 'src' | 'dst'>): boolean {
  if (martianSource(at, src))
    return checked(at, s, {
      src,
      mode: 0,
      reverse: null,
      drop: { reason: 'martian-source', src, arrivedOn: at.dev.name },
    })
  if (!martianDestination(at, dst)) return true
  record(at, s, {
    stage: 'route',
    decision: noWay(dst),
    drop: { reason: 'martian-destination', dst, arrivedOn: at.dev.name },
  })
  return false
}

/** A source that no packet may have: 224.0.0.0/4, 0.0.0.0 (the rest of 0.0.0.0/8 may, since 5.3), 127.0.0.0/8, broadcast. */
function martianSource(at: At, src: Address): boolean {
  return (
    isMulticast(src) ||
    src === '0.0.0.0' ||
    (isLoopback(src) && fromOutside(at)) ||
    src === '255.255.255.255'
  )
}

/** A destination that nothing from outside may have: 0.0.0.0, 127.0.0.0/8. A translation may have put it there. */
function martianDestination(at: At, dst: Address): boolean {
  return dst === '0.0.0.0' || (isLoopback(dst) && fromOutside(at))
}

/** 127.0.0.0/8 crosses the loopback, and what route_localnet allows. */
function fromOutside({ l, dev, kind }: At): boolean {
  return !kind.loops && !routesLocalnet(l, dev.name)
}

/**
 * fib_validate_source(). Without rp_filter and without rules of one's own only an address that a device here has is refused; else the
 * routing decision is asked who the source is (__fib_validate_source): us, a broadcast address, or, with rp_filter, somebody behind another device.
 */
export function source(at: At, s: Skb, { src, dst, out }: Sending): boolean {
  const { run, l, dev } = at
  if (at.kind.loops) return true
  const mode = confMax(l.n, dev.name, 'rp_filter')
  // Without rp_filter whatever else it is may send.
  if (mode === 0 && localAddress(l.n, src) === null && !broadcastAddress(l.n, src)) return true
  const accepts = confMax(l.n, dev.name, 'accept_local') > 0
  if (mode === 0 && !customRules(l.n.rules) && !redirects(l.n, dev.name, out))
    return accepts || !hasAddress(l.n, src) || foreign(at, s, { src, mode, reason: 'local-source' })
  const l4 = l4Of(l.n, s.packet, true)
  const back = run.asks.route(
    l.n,
    src,
    out === null ? { src: dst, mark: 0, l4 } : { src: dst, iif: out, mark: 0, l4 },
  )
  if (back.type === 'broadcast') return foreign(at, s, { src, mode, reason: 'martian-source' })
  if (back.type === 'local' && !accepts)
    return foreign(at, s, { src, mode, reason: 'local-source' })
  if (mode === 0) return true
  const reverse = ref(l.n.name, 'routes', back.matched)
  const towards = back.localDev === null ? back.dev : l.n.devs[back.localDev]?.name
  const by = usesDevice(l.n, back.matched, dev.name) ? dev.name : towards
  const known = back.type === 'unicast' || back.type === 'local'
  const ok = known && (by === dev.name || (mode === 2 && dev.addrs.length > 0))
  return checked(at, s, {
    src,
    mode,
    reverse,
    drop: ok ? null : { reason: 'rp-filter', src, arrivedOn: dev.name, reverse },
  })
}

/** It may not: nobody behind this device has the address. */
function foreign(
  at: At,
  s: Skb,
  {
    src,
    mode,
    reason,
  }: {
    readonly src: Address
    readonly mode: number
    readonly reason: 'local-source' | 'martian-source'
  },
): false {
  checked(at, s, { src, mode, reverse: null, drop: { reason, src, arrivedOn: at.dev.name } })
  return false
}

/** Records what was asked about a source; true if it may send. */
function checked(
  at: At,
  s: Skb,
  {
    src,
    mode,
    reverse,
    drop,
  }: {
    readonly src: Address
    readonly mode: number
    readonly reverse: Ref | null
    readonly drop: Drop | null
  },
): boolean {
  record(at, s, {
    stage: 'source-check',
    decision: { kind: 'source-check', src, mode, reverse },
    drop,
  })
  return drop === null
}
