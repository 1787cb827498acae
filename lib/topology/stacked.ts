import { linkOf, type Dev, type End } from './devs.ts'
import { indexed } from './indexed.ts'
import { netns, type Topology } from './topology.ts'

/* Devices that stand on others, perhaps in other namespaces: each names the one below it (`link`), and none names those above it. */

/** A device, and the namespace it is in. */
export interface Standing {
  readonly in: string
  readonly dev: Dev
}
const NONE: readonly Standing[] = []

/** Does a device of this table stand on another? Asked of every table that an edit has changed. */
const stands = indexed((devs: readonly Dev[]): boolean => devs.some((d) => linkOf(d) !== null))

/** What stands on the devices of a topology. */
export class Stack {
  readonly #t: Topology
  readonly #edited: readonly string[]
  readonly #known = new Map<string, readonly Standing[]>()
  constructor(t: Topology, edited: readonly string[]) {
    this.#t = t
    this.#edited = edited
  }
  /** In the order of namespaces, then of rows. */
  on({ netns: below, dev }: End): readonly Standing[] {
    const key = `${below}/${dev}`
    const before = this.#known.get(key)
    if (before !== undefined) return before
    const names = new Set([...(this.#t.source.standing?.(below) ?? []), ...this.#edited])
    const found: Standing[] = []
    for (const name of names)
      for (const d of netns(this.#t, name)?.devs ?? []) {
        const end = linkOf(d)
        if (end?.dev === dev && end.netns === below) found.push({ in: name, dev: d })
      }
    this.#known.set(key, found)
    return found
  }
}

const known = new WeakMap<Topology, Stack | null>()
/** Null where nothing stands on anything: that is most topologies, and asked of every walk. */
export function stackOf(t: Topology): Stack | null {
  const before = known.get(t)
  if (before !== undefined) return before
  const edited: string[] = []
  for (const [name, s] of t.edited) if (s.kind === 'netns' && stands(s.devs)) edited.push(name)
  const made = t.source.standing === undefined && edited.length === 0 ? null : new Stack(t, edited)
  known.set(t, made)
  return made
}

/** The devices that stand on this one. */
export function standingOn(t: Topology, below: End): readonly Standing[] {
  return stackOf(t)?.on(below) ?? NONE
}
