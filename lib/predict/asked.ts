import type { Address, Mac } from '#lib/wire/addr.ts'
import type { Packet } from '#lib/wire/packet.ts'
import type { TableName } from '#lib/topology/topology.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import { keys, type Step, type Walk } from '#lib/trace/walk.ts'
import type { Promised } from '#lib/analysis/read/promises.ts'

/* What is asked of a walk, and what may be answered. */

/** What a prediction is about: how the flow ends and where; what its sender is told; which row a step finds; the TTL with which it arrives; its bytes on the wire where it is largest; the source and the destination that its receiver sees; who receives it; the MAC that a frame is for; the place it comes to next; what the VPC's flow log says; the bridge port it leaves by; what a gate says; the destination and the TTL that are written into a new header; how often the packet goes between kernel and a program on its way. */
export const PREDICTED = [
  'ends',
  'told',
  'row',
  'ttl',
  'bytes',
  'source',
  'destination',
  'receiver',
  'mac',
  'next',
  'log',
  'port',
  'verdict',
  'outer-dst',
  'outer-ttl',
  'crossings',
] as const
/** What one question asks for. */
export type Asks = (typeof PREDICTED)[number]

/** What a walk answers to that, as codes and names. The same value is the same answer. */
export type Outcome =
  | { readonly ask: 'ends'; readonly ends: 'arrives'; readonly broken: readonly Promised[] }
  | {
      readonly ask: 'ends'
      readonly ends: 'dies'
      readonly in: string
      /** In whose hands it was: AWS's, a pod's or another host's, a node's. */
      readonly at: 'vpc' | 'node' | 'host'
      readonly reason: DropReason
    }
  | { readonly ask: 'ends'; readonly ends: 'waits' }
  | { readonly ask: 'told'; readonly told: 'answer' | 'refused' | 'nothing' }
  /** An ICMP error, `icmp` is type/code; `by` is whose address it came from. */
  | {
      readonly ask: 'told'
      readonly told: 'error'
      readonly icmp: `${number}/${number}`
      readonly by: string
    }
  /** The row as the tool prints it; null where none fits. */
  | { readonly ask: 'row'; readonly table: TableName; readonly row: string | null }
  | { readonly ask: 'ttl'; readonly ttl: number }
  | { readonly ask: 'bytes'; readonly bytes: number }
  | { readonly ask: 'destination'; readonly destination: Address; readonly of: string | null }
  /** In which namespace it is taken. */
  | { readonly ask: 'receiver'; readonly receiver: string }
  /** `of`: whose device has it, `node-1/docker0`; null for everybody's, and for nobody's here. */
  | { readonly ask: 'mac'; readonly mac: Mac; readonly of: string | null }
  /** `node-1/flannel.1`, or a namespace alone. */
  | { readonly ask: 'next'; readonly next: string }
  /** The records' fields, one text each, as AWS writes them; none where nothing is written. */
  | { readonly ask: 'log'; readonly records: readonly string[] }
  /** The ports a frame leaves by; `up`: the bridge keeps it for its own machine. */
  | { readonly ask: 'port'; readonly ports: readonly string[]; readonly up: boolean }
  | { readonly ask: 'verdict'; readonly passes: boolean }
  | { readonly ask: 'outer-dst'; readonly value: Address }
  | { readonly ask: 'outer-ttl'; readonly value: number }
  | { readonly ask: 'crossings'; readonly crossings: number }
  /** `of`: whose address it is; null where it is nobody's here. `source`: null where nothing arrives. */
  | { readonly ask: 'source'; readonly source: Address | null; readonly of: string | null }

/** An outcome, and the step of the walk that decides it. */
export interface Decided {
  readonly outcome: Outcome
  readonly step: number
}

/** How one kind of question is answered from a walk; `key` names the step that is asked about, `counts` the bytes of a packet, if not as its header says. Null: the walk has no answer to it. */
export type Reads = (walk: Walk, key: string, counts?: (p: Packet) => number) => Decided | null

/** The steps of the first question on its way. */
export function question(walk: Walk): readonly Step[] {
  const first = walk.messages.find((m) => m.kind === 'flow')?.n
  return walk.steps.filter((s) => s.message === first)
}

/** The step that a key names. */
export const stepOf = (walk: Walk, key: string): Step | undefined =>
  walk.steps[keys(walk).indexOf(key)]
