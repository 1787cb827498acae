import type { Cidr } from '#lib/wire/addr.ts'

/* What the manifest has of a world, enough for menus and cluster files; and what comes with the world beside its rows. */

/** Whose pods' addresses are: of the VPC; of a network laid over it, with a range for each node, a /24 or of so many `bits`, which with `alias` the VPC knows as the node's interface's; of each host alone, the same range on every one. */
export type Addresses =
  | { readonly addresses: 'vpc' }
  | { readonly addresses: 'overlay'; readonly bits?: number; readonly alias?: true }
  | { readonly addresses: 'host'; readonly range: Cidr }

/** What is between machines: a VPC, with interfaces, security groups and subnets; a switch that knows of none of them. */
export type Between = 'vpc' | 'switch'
export type Bridge = 'docker0' | 'cni0'

/** What a cluster file may ask of the world's network: who reads one asks these, never the world's name. */
export type Traits = Addresses & {
  readonly between: Between
  /** Who starts the pods. Docker also publishes ports, by rules and a docker-proxy. */
  readonly runtime: 'docker' | 'kubernetes'
  /** Bridges of a node whose ports pods can be, the default first; none where pods are routed to. */
  readonly bridges: readonly Bridge[]
  /** NICs of a node that pods can have their addresses from. */
  readonly enis: 1 | 2
  /** Does ipamd attach ENIs: as many as the instance type bears, and in another subnet and with other groups than the node's where an ENIConfig says so? */
  readonly ipamd?: true
  /** May pods have security groups of their own, and with them a branch of the node's second NIC? */
  readonly podGroups?: true
  /** Has each pod a machine for itself, with its address, which somebody else runs? */
  readonly alone?: true
  /** May a file say by which encapsulation packets go between nodes? */
  readonly encapsulates?: true
  /** Does kube-proxy run where a file has Services? */
  readonly kubeProxy: boolean
}

/** How much a cluster file of this network may hold; beyond it a message says which. */
export interface Limits {
  readonly nodes: number
  /** In all, listed or counted. */
  readonly pods: number
  /** Of each node, where they are counted. */
  readonly podsPerNode: number
  /** Pods that are ports of one bridge; null where there is no bridge. */
  readonly bridgePorts: number | null
}

/** What the manifest says of a world. */
export interface Card {
  /** It has devices that few networks have, or IPVS: who shows it loads them too (loadWorld() of lib/index.ts). */
  readonly more?: true
  /** A model of documents: its rows are those of published pages and sources, and no kernel has shown it as a whole. Its title says so, and the first of what it leaves out. */
  readonly documents?: true
  /** As links, commands and cluster files name it. */
  readonly id: string
  readonly title: string
  /** The title where there is no room for it. */
  readonly short: string
  readonly traits: Traits
  readonly limits: Limits
}

/** The same, and what a link can name of it. */
export interface Entry extends Card {
  /** Its flows by name; the first is the default. */
  readonly flows: readonly [string, ...string[]]
  /** Its what-ifs by id; their questions come with the world. */
  readonly whatIfs: readonly string[]
}

/** What is read of a world once it is here. */
export interface Asks<E extends Entry = Entry> {
  /** Each what-if's question: 'Stop flanneld on node-1'. */
  readonly whatIfs: { readonly [W in E['whatIfs'][number]]: string }
  /** What the model of this world leaves out, one sentence each. */
  readonly leavesOut: readonly [string, ...string[]]
}
