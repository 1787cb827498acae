import type { Dev, DevKind, DevOf, End } from '../devs.ts'
import type { Grammar } from '../script.ts'

/* What `script.ts` of a kind's folder holds: how a lab of network namespaces makes such a device. */

export interface KindScript<K extends DevKind> {
  /** What may stand in the fields of its own. */
  readonly fields: Readonly<Record<string, Grammar>>
  /** What a kernel must have for it, where not every one does: the module, and a command that only such a kernel takes. */
  readonly needs?: { readonly module: string; readonly tried: string }
  /** Lines for `ip -batch` after which it is there, with its MAC address and MTU. `far`: the device at its other end. */
  readonly make: (d: DevOf<K>, at: { readonly in: string; readonly far: Far }) => readonly string[]
}
/** The beginning of the line that makes a device on another one, typed in the namespace of that. */
export const addOn = (link: End, at: string): string =>
  `link add link ${link.dev}${link.netns === at ? '' : ` netns @${at}`}`
export type Far = (end: End) => Dev | undefined
