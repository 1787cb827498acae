import { goals } from './words.ts'
import type { TableName } from '#lib/topology/topology.ts'
import type { Promised } from '#lib/analysis/read/promises.ts'
import type { FlowRecord } from '#lib/analysis/print/flow-log.ts'
import type { FlowQuestion } from '#lib/worlds/cluster/resolve.ts'
import type { DropReason } from '#lib/trace/drop.ts'

/* What a network is asked to do, as data: the walk says whether it does. */

/** What one walk has to show; several members must all hold. `delivered` alone, or `dropped`, may stand as a word. */
export interface Expected {
  /** Out and back: the echo answered, the datagram answered, the connection closed. */
  readonly delivered?: true
  /** Lost on the way: anyhow, or for this reason, or in this namespace. */
  readonly dropped?: true | { readonly reason?: DropReason; readonly at?: string }
  /** Source and destination of the question as its receiver has them: an address, or a name for any address it has, public ones too; `own` is the sender. */
  readonly 'seen-source'?: string
  readonly 'seen-destination'?: string
  /** TTL of the question on arrival. */
  readonly 'ttl-received'?: number
  /** Places that the question comes through in this order, others between them: `node-1`, or `node-1/flannel.1`. And those that nothing of it comes through. */
  readonly through?: readonly string[]
  readonly 'not-through'?: readonly string[]
  /** IP headers of the question where it has most: 1 is a bare packet. */
  readonly encapsulated?: number
  /** No packet is cut, and none is told to be smaller (ICMP 3/4). */
  readonly fits?: true
  /** A record of the VPC's flow log has these fields. */
  readonly logged?: Partial<FlowRecord>
  /** Promises that are kept (lib/analysis/read/promises.ts). */
  readonly keeps?: readonly Promised[]
}
export type Predicate = keyof Expected
export type Expect = 'delivered' | 'dropped' | Expected

interface Named {
  readonly id: string
  readonly say: string
}
/** One flow. */
export interface FlowGoal extends Named {
  readonly flow: FlowQuestion
  readonly expect: Expect
}
/** Every flow from these to those but a pair of one and the same. Either is one name, or all of a kind (`any-pod`, `any-node`, `any-host`); `any-listener`, for `to` only, is every pod at each port where it listens. `except` takes senders out, `on` keeps to receivers on the sender's node. */
export interface PairsGoal extends Named {
  readonly from: string
  readonly to: string
  readonly except?: readonly string[]
  readonly on?: 'same-node'
  readonly proto?: FlowQuestion['proto']
  readonly size?: number
  readonly expect: Expect
}
/** The rows of a table are those of the start. */
export interface TableGoal extends Named {
  readonly table: TableName
  readonly in: string
  readonly expect: 'unchanged'
}
/** Rows that differ from the start's, in all tables: one that was changed, came or went counts one. */
export interface EditsGoal extends Named {
  readonly expect: { readonly 'at-most': number }
}
/** What a network is asked to do: of one flow, of all pairs, of a table, of the number of edits. */
export type Goal = FlowGoal | PairsGoal | TableGoal | EditsGoal

/** The goals that ship: Kubernetes' promises about pods, in the wording of its network model since 2019. */
export const SHIPPED = {
  'kubernetes-1': {
    id: 'kubernetes-1',
    from: 'any-pod',
    to: 'any-pod',
    expect: { keeps: ['kubernetes-1'] },
  },
  'kubernetes-2': {
    id: 'kubernetes-2',
    from: 'any-pod',
    to: 'any-pod',
    expect: { delivered: true, keeps: ['kubernetes-2'] },
  },
  'kubernetes-3': {
    id: 'kubernetes-3',
    from: 'any-node',
    to: 'any-pod',
    on: 'same-node',
    expect: { delivered: true, keeps: ['kubernetes-3'] },
  },
} as const satisfies Readonly<Record<string, Omit<PairsGoal, 'say'>>>
/** The names of the goals that ship. */
export type Shipped = keyof typeof SHIPPED

/** One that ships, with its sentence. */
export function shipped(id: Shipped): PairsGoal {
  return { ...SHIPPED[id], say: goals().shipped[id] }
}
