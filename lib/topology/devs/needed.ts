import type { DevKind } from '../devs.ts'
import type { KindScript } from './script.ts'
import { KIND_SCRIPTS } from './scripts.ts'

/** The kinds of devices that not every kernel can make, and what it must have for them. */
export const NEEDED = (
  Object.entries(KIND_SCRIPTS) as unknown as readonly [DevKind, KindScript<DevKind>][]
).flatMap(([kind, { needs }]) => (needs === undefined ? [] : [[kind, needs] as const]))
