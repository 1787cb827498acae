import type { Address } from '#lib/wire/addr.ts'
import { cachedMtu, type RouteAnswer } from '#lib/lookup/route.ts'
import { device } from './live.ts'
import type { Live } from './run.ts'

/** dst_mtu(): what a way carries, in bytes: the route's MTU or the device's, or less where a router said so (RFC 1191). */
export function mtuOf(l: Live, r: RouteAnswer, dst: Address): number {
  const mtu = r.mtu ?? (r.dev === null ? 1500 : (device(l, r.dev)?.dev.mtu ?? 1500))
  const learned = l.pmtu?.get(dst) ?? cachedMtu(l.n, dst)
  return learned === undefined || learned === null ? mtu : Math.min(mtu, learned)
}
