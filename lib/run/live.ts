import { fnv1a } from '#lib/wire/hash.ts'
import type { Dev } from '#lib/topology/devs.ts'
import { space, type Netns, type Ref, type Vpc } from '#lib/topology/topology.ts'
import { deviceIndex } from '#lib/lookup/local.ts'
import type { At, Here, Live, Run, Spot } from './run.ts'

/** Most namespaces of a warm walk learn nothing: they share one empty map until they do. */
const NOTHING = new Map<string, never>()

/** The map of that name, the namespace's own from now on: ask for it before writing. */
export function own<K extends 'neigh' | 'asking' | 'fdb' | 'holding'>(l: Live, name: K): Live[K] {
  if ((l[name] as unknown) === NOTHING) l[name] = new Map() as Live[K]
  return l[name]
}

/** The namespace in this run; made when the flow first reaches it. Throws RangeError where there is none of this name. */
export function live(run: Run, name: string): Live {
  const known = run.live.get(name)
  if (known !== undefined) return known
  const n = space(run.before, name)
  if (n === undefined || n.kind !== 'netns') throw new RangeError(`no namespace ${name}`)
  const made: Live = {
    n,
    run,
    here: null as never,
    spots: spotsOf(n),
    places: [],
    neigh: NOTHING as Live['neigh'],
    neighRows: n.neigh.length,
    headed: null,
    asking: NOTHING as Live['asking'],
    fdb: NOTHING as Live['fdb'],
    fdbRows: n.fdb.length,
    ct: null,
    ctRows: n.conntrack.length,
    holding: NOTHING as Live['holding'],
    pmtu: null,
    gateways: null,
    failing: null,
    ipId: (fnv1a(name) & 0x7fff) + 1,
    virtuals: null,
    noted: null,
  }
  // Each names the other: the one hole is filled before anybody sees it.
  ;(made as { here: At<null> }).here = place(made, null) as At<null>
  run.live.set(name, made)
  return made
}

/** By the rows of devices: an edit of another table leaves them, and who keeps a thousand edits keeps their spots once. */
const spots = new WeakMap<
  Netns['devs'],
  { readonly in: string; readonly known: Map<string | null, Spot> }
>()

/** The devices of a namespace that some run has asked for so far, by name. */
function spotsOf(n: Netns): Map<string | null, Spot> {
  const found = spots.get(n.devs)
  if (found !== undefined && found.in === n.name) return found.known
  const known = new Map<string | null, Spot>()
  spots.set(n.devs, { in: n.name, known })
  return known
}

function newSpot(l: Live, name: string | null): Spot {
  const index = name === null ? -1 : deviceIndex(l.n, name)
  const row: Ref | null = index < 0 ? null : { in: l.n.name, table: 'devs', row: index }
  const dev = index < 0 ? null : l.n.devs[index]!
  const made: Spot = {
    number: l.spots.size,
    dev,
    kind: dev === null ? null : l.run.ports.deviceOf(dev),
    row,
    received: { kind: 'device', dev: row, did: 'receive' },
    transmitted: { kind: 'device', dev: row, did: 'transmit' },
  }
  l.spots.set(name, made)
  return made
}

/** The device of this name, or the name alone where no device has it; null: the namespace, on none of them. */
export function place(l: Live, name: string | null): Here {
  const spot = l.spots.get(name) ?? newSpot(l, name)
  return (l.places[spot.number] ??= {
    run: l.run,
    in: l.n.name,
    on: name,
    l,
    dev: spot.dev,
    kind: spot.kind,
    row: spot.row,
    received: spot.received,
    transmitted: spot.transmitted,
  })
}

/** The device of this name, if there is one. */
export function device(l: Live, name: string): At | undefined {
  const found = place(l, name)
  return isDevice(found) ? found : undefined
}

export function isDevice(here: Here): here is At<Dev> {
  return here.dev !== null
}

/** The VPC of this name. Throws RangeError where there is none. */
export function vpcOf(run: Run, name: string): Vpc {
  const v = space(run.before, name)
  if (v === undefined || v.kind !== 'vpc') throw new RangeError(`no VPC ${name}`)
  return v
}

/** The next IP identification of this kernel: 1 to 65535. */
export function nextId(l: Live): number {
  l.ipId = ((l.ipId & 0xffff) % 0xffff) + 1
  return l.ipId
}
