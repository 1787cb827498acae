import type { Backend, HourId, TalkId, Walk } from '#lib/index.ts'

/* What a night is told by: its backends, its hours. Without an engine. */

export const BACKENDS = ['udp', 'vxlan', 'host-gw'] as const satisfies readonly Backend[]

export interface Cell {
  readonly arrives: boolean
  /** Where it is lost and why; null if it is not. */
  readonly lost: string | null
  readonly walk: Walk
}
export interface Hour {
  readonly id: HourId
  readonly at: number
  readonly rows: readonly { readonly talk: TalkId; readonly cells: readonly Cell[] }[]
}

export interface Night {
  readonly hours: readonly Hour[]
  /** When the first talk is lost, by backend; null: it is not before flanneld runs again. */
  readonly dark: readonly (HourId | null)[]
}
