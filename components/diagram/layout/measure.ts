/** Where things stand in a node's column, from its outer edge and from the top; the same in every world. */
export const COLUMN = 348
export const GAP = 12
export const MARGIN = 6
/** Pods, bridge and routing, one below the other. */
export const MAIN = 76
export const MAIN_W = 132
/** What wraps, and the first NIC. */
export const SIDE = 262
export const SIDE_W = 116
export const VETH_W = 92
/** Left and right of a box's words, both. */
export const PAD = 12
/** Beside the inner edge: the way of a program to the NIC. */
export const LANE = 334
/** One place more in a column: for a third pod or NIC. */
export const SLOT = 146

export const Y = {
  top: 6,
  head: 20,
  pod: 58,
  kernel: 104,
  bridge: 146,
  routing: 204,
  outer: 257,
  nic: 311,
  bottom: 340,
  gate: 368,
  lane: 472,
  end: 494,
} as const
export const H = { pod: 44, veth: 26, box: 38, outer: 32, gate: 26, vpc: 30, more: 22 } as const

/** The card of a packet with so many packets around it. */
export const trayOf = (outer: number): { readonly w: number; readonly h: number } =>
  outer <= 1 ? { w: 186, h: 80 } : { w: 210, h: 56 + 24 * outer }
/** The highest that has room without anything being lower for it. */
export const CARD = 104
