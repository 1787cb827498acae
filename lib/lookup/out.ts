import { indexed } from '#lib/topology/indexed.ts'
import type { Route } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import type { RouteAnswer } from './route.ts'

/** The routes by each device, with the rows they are of the whole table. */
const byDevice = indexed((routes: readonly Route[]) => {
  const found = new Map<string, { readonly routes: Route[]; readonly rows: number[] }>()
  routes.forEach((r, row) => {
    if (r.dev === undefined) return
    const there = found.get(r.dev) ?? { routes: [], rows: [] }
    there.routes.push(r)
    there.rows.push(row)
    found.set(r.dev, there)
  })
  return found
})
/** Namespaces that have the routes by one device only. */
const reduced = new WeakMap<object, Netns>()

/**
 * ip_route_output_key() of somebody who must leave by `dev` (flowi4_oif): only routes by that device count, only its addresses are this
 * machine's, and where neither says anything the destination is taken to be on the link. `ask` looks up in the namespace it is given.
 */
export function lookupOut(n: Netns, dev: string, ask: (n: Netns) => RouteAnswer): RouteAnswer {
  const own = byDevice(n.routes).get(dev) ?? NOTHING
  let only = reduced.get(own)
  if (only === undefined || only.devs !== n.devs || only.rules !== n.rules)
    reduced.set(own, (only = { ...n, routes: own.routes }))
  const found = ask(only)
  if (found.type === 'local' && n.devs[found.localDev ?? -1]?.name === dev) return found
  if (found.type === 'unicast' && found.dev === dev)
    return {
      ...found,
      matched: found.matched === null ? null : own.rows[found.matched]!,
      rejected: found.rejected.map((row) => own.rows[row]!),
    }
  return {
    type: 'unicast',
    rule: null,
    matched: null,
    localDev: null,
    rejected: [],
    dev,
    via: null,
    src: null,
    mtu: null,
  }
}
const NOTHING = { routes: [] as Route[], rows: [] as number[] }
