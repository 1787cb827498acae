import { cidr, networkOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import type { Netns } from '../../topology.ts'
import { knownDevice } from '../../known.ts'
import { fields, type Check, type SayRow } from '../../check.ts'
import { oneOf, whole } from '../../problem.ts'
import { opt, ipv4, network, device, routeTable, u32, bytes, flag } from '../../schema.ts'
import { isOnLink, PROTOS } from './row.ts'

export const routes: Check<'routes'> = {
  ...fields({
    table: routeTable,
    dst: network,
    type: opt(oneOf(['unicast', 'blackhole', 'unreachable', 'prohibit', 'throw'])),
    dev: opt(device),
    via: opt(ipv4),
    src: opt(ipv4),
    onlink: opt(flag),
    metric: opt(u32),
    weight: opt(whole(1, 256)),
    mtu: opt(bytes),
    proto: opt(oneOf(PROTOS)),
    scope: opt(oneOf(['link', 'host'])),
  }),
  rows: (here, say) => {
    const known = knownDevice(here, say)
    here.space.routes.forEach((r, row) => {
      known(row, r.dev)
      if (r.dev === undefined && r.via === undefined && (r.type ?? 'unicast') === 'unicast')
        say(row, 'route-way')
      if (r.weight !== undefined && (r.type ?? 'unicast') !== 'unicast') say(row, 'weight-type')
    })
  },
  later: ({ space: n }, say) => nextHops(n, say),
}

/** fib_check_nh(): without onlink, the next hop must be on a connected prefix of the device. */
function nextHops(n: Netns, say: SayRow): void {
  const connected = new Set<string>()
  const lengths = new Set<number>()
  const add = (prefix: Cidr, dev: string | undefined): void => {
    lengths.add(parseCidr(prefix).bits)
    connected.add(prefix)
    if (dev !== undefined) connected.add(`${dev} ${prefix}`)
  }
  for (const d of n.devs)
    for (const a of d.addrs) if (parseCidr(a).bits < 32) add(networkOf(a), d.name)
  for (const x of n.routes) if (isOnLink(x)) add(x.dst, x.dev)
  n.routes.forEach((r, row) => {
    const { via, dev } = r
    if (via === undefined || r.onlink === true) return
    const ok = [...lengths].some((bits) => {
      const prefix = networkOf(cidr(via, bits))
      return connected.has(dev === undefined ? prefix : `${dev} ${prefix}`)
    })
    if (!ok) say(row, 'next-hop', via, dev ?? '')
  })
}
