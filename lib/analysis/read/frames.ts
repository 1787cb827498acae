import type { Frame } from '#lib/trace/walk.ts'

/* Frames as others have them: a recording's words, a packet socket's bytes. */

export type CapturedLayer = { readonly type: string } & Readonly<Record<string, unknown>>
/** A frame in words, as the recordings in test/captures have them. */
export interface CapturedFrame {
  readonly ns: string
  readonly iface: string
  readonly dir: 'in' | 'out'
  readonly to?: 'host' | 'broadcast' | 'multicast' | 'otherhost'
  readonly len: number
  readonly layers: readonly CapturedLayer[]
}
/** A frame as a packet socket gives it. */
export interface RawFrame {
  readonly in: string
  readonly dev: string
  readonly dir: 'in' | 'out'
  readonly to: Exclude<Frame['to'], null> | null
  readonly len: number
  readonly hex: string
}
export function bytesOf(f: RawFrame): Uint8Array {
  return Uint8Array.from(f.hex.match(/../g) ?? [], (x) => Number.parseInt(x, 16))
}

/** A frame of ours in the recording's words; ids count within one walk, so `walk` says which. */
export interface OurFrame extends CapturedFrame {
  readonly walk: number
}
