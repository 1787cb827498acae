import {
  addressOf,
  applyAll,
  EditError,
  networkOf,
  spaces,
  validate,
  type Edit,
  type Netns,
  type Scenario,
  type Space,
  type Topology,
} from '#lib/index.ts'

/* The questions of a world, asked of a sandbox of the same network: what its edits name is named as it is called here. */

/** A question, and what it changes. */
export interface Asked {
  readonly id: string
  readonly title: string
  readonly edits: readonly Edit[]
}

/** Those of the world's what-ifs that can be asked of this network, as it is without edits. */
export function whatIfsOf(world: Scenario, here: Topology): readonly Asked[] {
  const names = counterparts(world.topology, here)
  return Object.entries(world.whatIfs).flatMap(([id, { title, edits }]) => {
    const asked = edits.map((e) => renamed(e, names) as Edit)
    return fits(here, asked) ? [{ id, title, edits: asked }] : []
  })
}

function fits(t: Topology, edits: readonly Edit[]): boolean {
  try {
    return validate(applyAll(t, edits)).every((x) => x.odd)
  } catch (error) {
    if (error instanceof EditError) return false
    throw error
  }
}

/** Names and addresses of one network by those of the other that stand in the same place. */
function counterparts(from: Topology, to: Topology): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const is = (a: string | undefined, b: string | undefined): void => {
    if (a !== undefined && b !== undefined && !names.has(a)) names.set(a, b)
  }
  const [mine, theirs] = [inOrder(from), inOrder(to)]
  mine.forEach((a, i) => {
    const b = theirs[i]
    if (b !== undefined && a.role === b.role) samePlace(a, b, is)
  })
  for (const v of spaces(from)) {
    const w = v.kind === 'vpc' ? spaces(to).find((x) => x.kind === 'vpc') : undefined
    if (v.kind !== 'vpc' || w?.kind !== 'vpc') continue
    is(v.name, w.name)
    v.subnets.forEach((s, i) => is(s.id, w.subnets[i]?.id))
  }
  return names
}

/** The nodes, each with its first pods behind it, pods that are machines of their own, then hosts: in the order in which both kinds of network are made. */
function inOrder(t: Topology): readonly Netns[] {
  const all = spaces(t).filter((s: Space): s is Netns => s.kind === 'netns')
  const nodes = all.filter((n) => n.role === 'node').slice(0, 2)
  const pods = (node: Netns): readonly Netns[] =>
    all.filter((n) => n.node === node.name && n.role !== 'node').slice(0, 2)
  const alone = all.filter((n) => n.role === 'pod' && !all.some((x) => x.name === n.node))
  return [
    ...nodes.flatMap((n) => [n, ...pods(n)]),
    ...alone,
    ...all.filter((n) => n.role === 'host'),
  ]
}

function samePlace(
  a: Netns,
  b: Netns,
  is: (a: string | undefined, b: string | undefined) => void,
): void {
  is(a.name, b.name)
  const ranges = (n: Netns) => n.routes.filter((r) => r.type === 'blackhole')
  // Where pods are routed to one by one, what is left of a node's range ends there.
  ranges(a).forEach((r, i) => is(r.dst, ranges(b)[i]?.dst))
  for (const [i, d] of a.devs.entries()) {
    const e = b.devs.find((x) => x.name === d.name) ?? b.devs[i]
    if (e === undefined || e.kind !== d.kind) continue
    is(d.name, e.name)
    is(d.mac, e.mac)
    for (const [n, address] of d.addrs.entries()) {
      const there = e.addrs[n]
      if (there === undefined) continue
      is(address, there)
      is(addressOf(address), addressOf(there))
      is(networkOf(address), networkOf(there))
      is(`${addressOf(address)}/32`, `${addressOf(there)}/32`)
    }
  }
}

/** The sysctls of a device have its name in theirs. */
const OF_DEVICE = /^net\.ipv4\.(?:conf|neigh)\.([^.]+)\.\w+$/

function renamed(x: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof x === 'string')
    return (
      names.get(x) ??
      x.replace(OF_DEVICE, (key, dev: string) => key.replace(dev, names.get(dev) ?? dev))
    )
  if (Array.isArray(x)) return x.map((y) => renamed(y, names))
  if (typeof x !== 'object' || x === null) return x
  return Object.fromEntries(Object.entries(x).map(([k, y]) => [k, renamed(y, names)]))
}
