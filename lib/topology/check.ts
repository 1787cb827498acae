import type * as v from 'valibot'
import type { Dev } from './devs.ts'
import type { Args } from './problem.ts'
import type { Code } from '#lib/words/en/problems/index.ts'
import { object } from './problem.ts'
import type { SpaceOf } from './tool.ts'
import type { TableName, Tables, Topology, Vpc } from './topology.ts'

/* What `check.ts` of a table's folder holds: what its rows may be, by themselves and beside what else there is. */

/** Says something of one row. */
export type SayRow = <C extends Code>(row: number, code: C, ...args: Args<C>) => void

/** Where rows are looked at, and what may be looked up: things by their names, made once for each space. */
export interface Here<T extends TableName> {
  readonly topology: Topology
  readonly space: SpaceOf<T>
  readonly known: Known
}
export interface Known {
  readonly devs: (netns: string) => ReadonlyMap<string, Dev>
  /** Is there such a device? Of a namespace that is not looked at it is believed: a large cluster has an ENI on each node. */
  readonly exists: (netns: string, dev: string) => boolean
  readonly enis: (v: Vpc) => ReadonlyMap<string, Vpc['enis'][number]>
  readonly eniIds: (v: Vpc) => readonly string[]
  /** Who has a MAC address on what hears the same frames. */
  readonly segments: Map<string, string>
}

export interface Check<T extends TableName> {
  readonly schema: v.GenericSchema<unknown, Tables[T]>
  /** The fields of a row, each with what it may hold; those of a device are of its kind. */
  readonly fields: readonly v.ObjectEntries[]
  /** What of the rows cannot be meant, beside what else there is: what is asked of every row first. */
  readonly rows?: (here: Here<T>, say: SayRow) => void
  /** What the kernel or a tool would have refused of them, asked when all tables have been looked at. */
  readonly later?: (here: Here<T>, say: SayRow) => void
}

/** Rows with exactly these fields. */
export function fields<const E extends v.ObjectEntries>(entries: E) {
  return { schema: object(entries), fields: [entries] as const }
}
