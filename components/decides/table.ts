import type { Decision, Ref, Step, TableName, Topology } from '#lib/index.ts'

/** What a row of a table said to the question: `ends` decided as well, and the packet ended there. */
export type Mark = 'no' | 'beaten' | 'wins' | 'ends'
export interface Row {
  /** The row of the tables; null for what stands in none, as a policy, or the VPC's own range. */
  readonly ref: Ref | null
  /** Of a prefix: how many bits it fixes. */
  readonly bits: number | null
  readonly name: string
  /** What it leads to. */
  readonly leads: string
  readonly mark: Mark
  readonly says: string
}
/** A table that was asked at a step: the few rows that matter, the one that decided among them. */
export interface Decided {
  readonly table: TableName
  readonly in: string
  /** What prints it, as typed; of what no command prints, what it is called. */
  readonly title: string
  /** It is typed on the machine that it is a table of. */
  readonly prompt: boolean
  readonly asks: string
  readonly rows: readonly Row[]
  /** All of them, in the same order: those behind the one that decided are not asked, where rows are asked in order. */
  readonly all: readonly Row[]
  /** What is left out, in words; null: nothing. */
  readonly rest: string | null
}

type Of<K extends Decision['kind']> = Extract<Decision, { readonly kind: K }>
/** A decision, and where it was made. The tables are as they stood right after it. */
export interface Asked<K extends Decision['kind']> {
  readonly d: Of<K>
  readonly step: Step
  readonly topology: Topology
}
