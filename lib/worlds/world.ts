import type { Cidr } from '#lib/wire/addr.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Cni } from './cluster/spec.ts'
import type { Encapsulation } from './encapsulations/kinds.ts'
import type { Asks, Bridge, Entry } from './entry.ts'
import type { EraId } from './vpc-cni/eras.ts'
import type { DockerOptions } from './docker-bridge/cni.ts'
import { said, titled } from './said.ts'
import { whenAsked, type Scenario, type WhatIf } from './scenario.ts'

/** What a cluster file says of its network's plugin; each world takes what it knows. */
export interface PluginOptions {
  /** The network that the nodes' ranges are of. */
  readonly podCidr: Cidr
  readonly bridge?: Bridge
  readonly hairpin?: boolean
  /** `userland-proxy` of Docker's daemon.json. */
  readonly userlandProxy?: boolean
  /** Docker's version, what else daemon.json says, and the networks that somebody created. */
  readonly docker?: Omit<DockerOptions, 'userlandProxy'>
  /** Of the VPC CNI: which version, and what its environment says (lib/worlds/vpc-cni/eras.ts). */
  readonly era?: EraId
  readonly externalSnat?: boolean
  readonly excludeSnatCidrs?: readonly Cidr[]
  /** POD_SECURITY_GROUP_ENFORCING_MODE. */
  readonly enforcing?: 'strict' | 'standard'
  /** Of `encapsulations`: what carries packets between nodes. */
  readonly encapsulation?: Encapsulation
}
export type Plugin = (o: PluginOptions) => Cni

/** A what-if without its question, which stands in the manifest. */
export type Asked = Omit<WhatIf, 'title'>

/** A world of ours: what it shows, what the manifest says of it, and its network for cluster files. */
export interface World extends Scenario {
  readonly entry: Entry
  readonly plugin: Plugin
}

/** What a world adds to its entry: a flow for every name and edits for every question there, and no others. */
export interface Parts<E extends Entry> {
  readonly sources: readonly string[]
  /** Asked for once. */
  readonly topology: () => Topology
  readonly flows: { readonly [F in E['flows'][number]]: Flow }
  readonly whatIfs: { readonly [W in E['whatIfs'][number]]: Asked }
  readonly plugin: Plugin
}

/** The world of an entry, flows and what-ifs in the order of the entry. */
export function buildWorld<const E extends Entry>(entry: E, asks: Asks<E>, parts: Parts<E>): World {
  const texts = (): Asks => said(entry, asks)
  const topology = whenAsked(parts.topology)
  const flows: Readonly<Record<string, Flow>> = parts.flows
  const asked: Readonly<Record<string, Asked>> = parts.whatIfs
  return {
    id: entry.id,
    get title() {
      return titled(entry).title
    },
    sources: parts.sources,
    get topology() {
      return topology()
    },
    flows: Object.fromEntries(entry.flows.map((name) => [name, flows[name]!])),
    whatIfs: Object.fromEntries(
      entry.whatIfs.map((id) => [id, whatIf(() => texts().whatIfs[id]!, asked[id]!)]),
    ),
    get leavesOut() {
      return texts().leavesOut
    },
    entry,
    plugin: parts.plugin,
  }
}

/** Edits may be put together when they are first asked for: they are not read here. */
function whatIf(title: () => string, asked: Asked): WhatIf {
  return {
    get title() {
      return title()
    },
    get edits() {
      return asked.edits
    },
    expect: asked.expect,
    ...(asked.flow === undefined ? {} : { flow: asked.flow }),
  }
}
