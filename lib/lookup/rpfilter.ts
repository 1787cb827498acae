import { isMulticast, type Address } from '#lib/wire/addr.ts'
import type { RpFilter } from '#lib/topology/rows.ts'
import { isLo } from '#lib/topology/devs.ts'
import { deviceByName } from './local.ts'
import { lookupRoute, usesDevice } from './route.ts'
import type { Seen } from './verdict.ts'

const ZERO = '0.0.0.0'
const ALL = '255.255.255.255'

/** rpfilter_mt(), rpfilter_lookup_reverse(): does the way back to the source leave by the device that the packet came in by? Protocol and ports are not asked by. */
export function throughBack(
  { n, q, mark }: Seen,
  { loose, validmark, acceptLocal }: RpFilter,
): boolean {
  const iif = q.iif ?? ''
  const dev = deviceByName(n, iif)
  if (dev !== undefined && isLo(dev)) return true
  const group = q.dst === ALL || isMulticast(q.dst as Address)
  // A DHCP client has no address yet.
  if (q.src === ZERO && group) return true
  const {
    type,
    dev: out,
    localDev,
    matched,
  } = lookupRoute(n, q.src, {
    src: group || q.dst === ZERO ? undefined : q.dst,
    mark: validmark === true ? mark : 0,
  })
  if (type !== 'unicast' && (type !== 'local' || acceptLocal !== true)) return false
  const by = localDev === null ? out : n.devs[localDev]?.name
  return by === iif || loose === true || usesDevice(n, matched, iif)
}
