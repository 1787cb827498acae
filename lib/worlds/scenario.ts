import type { Edit } from '#lib/topology/edit.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import type { Flow } from '#lib/trace/flow.ts'

/** A question a reader can ask of a world: edits of its rows, and how the default flow then ends (a test holds us to it). */
export interface WhatIf {
  /** The question, short: 'Stop flanneld on node-1'. */
  readonly title: string
  readonly edits: readonly Edit[]
  readonly expect: DropReason | 'delivered'
  /** The flow the expectation is about; the scenario's first flow when left out. */
  readonly flow?: string
}

/** What can be shown: one of our worlds, or what a file describes. */
export interface Scenario {
  readonly id: string
  readonly title: string
  /** Where the rows come from: upstream repositories and pages. */
  readonly sources: readonly string[]
  readonly topology: Topology
  /** Named flows; the first is the default. */
  readonly flows: Readonly<Record<string, Flow>>
  readonly whatIfs: Readonly<Record<string, WhatIf>>
  /** What the model of this world leaves out, one sentence each. */
  readonly leavesOut: readonly string[]
}

/** What is put together when it is first asked for, and then kept: all worlds are known, but one is shown. */
export function whenAsked<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
