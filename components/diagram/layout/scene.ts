/** What a topology looks like, in CSS px at scale 1. */

/** Shape is kind: a device is square, a decision (`routing`, `outer`, `vpc`) round, a program dashed, a gate a circle on the VPC's edge. */
export type BoxKind =
  | 'pod'
  | 'veth'
  | 'bridge'
  | 'routing'
  | 'tunnel'
  | 'daemon'
  | 'nic'
  | 'gate'
  | 'vpc'
  | 'more'
  | 'outside'
  | 'gateway'

/** By its centre. */
export interface Box {
  readonly id: string
  readonly kind: BoxKind
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly label: string
  readonly sub: string
  readonly title: string
  /** The namespace or VPC that it stands in; null for one that stands for several. */
  readonly space: string | null
  /** The node that is on the other side of a gate. */
  readonly machine: string | null
  /** Does the packet, or one of those it causes, come here? */
  readonly used: boolean
  /** Where the words of a gate stand: left or right of it. */
  readonly side: -1 | 1
}

/** By its upper left corner. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** A node, or a machine that is none. */
export interface Column extends Area {
  readonly name: string
  readonly ip: string
  /** Seen in a mirror: its pods stand at the right. */
  readonly mirrored: boolean
  /** Pods and programs stand above this line, the kernel below. */
  readonly kernelY: number
  /** Where the way from a program down to the NIC runs. */
  readonly laneX: number
  /** Where the packet's card rests; nothing crosses it. */
  readonly tray: Area
  readonly outside: boolean
}

/** What is between the machines, below them: a VPC, or a plain network. */
export interface Cloud extends Area {
  readonly kind: 'vpc' | 'lan'
  readonly name: { readonly text: string; readonly x: number }
  readonly cidr: string
  /** Is it AWS's? */
  readonly aws: boolean
  /** Where between its gates the way runs. */
  readonly laneY: number
  readonly tray: Area
}

export interface Scene {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly wires: readonly (readonly [string, string])[]
  readonly columns: readonly Column[]
  readonly vpc: Cloud | null
  /** Nodes that take no part and are only counted. */
  readonly more: number | 'many'
}
