import type { Dev, DevKind, DevOf } from '../devs.ts'
import type { Netns } from '../topology.ts'

/* What `change.ts` of a kind's folder holds. What Linux says is in its words, with the remedy. */

export interface KindChange<K extends DevKind> {
  /** Why it cannot be deleted. */
  readonly stays?: (d: DevOf<K>) => string | null
  /** What of it must be readable to say what follows from it, and is not. */
  readonly unreadable?: (d: DevOf<K>) => string | null
  /** Why Linux would not make it so, or change it; `before` is null for a device that is added. */
  readonly refused?: (n: Netns, before: DevOf<K> | null, d: DevOf<K>) => string | null
  /** Why Linux would not have it on the device below, beside the others on that one. */
  readonly stands?: (d: DevOf<K>, on: Below<DevOf<K>>) => string | null
  /** Why the device below may not be so while it stands there. */
  readonly bears?: (d: DevOf<K>, below: Dev) => string | null
  /** What it becomes when another of its kind beside it came or changed. */
  readonly joined?: (d: DevOf<K>, other: DevOf<K>) => DevOf<K>
  /** What it becomes when the device below is another; itself where nothing follows. */
  readonly follows?: (d: DevOf<K>, was: Dev, below: Dev) => DevOf<K>
  /** Is it deleted and made again where it becomes this? What hung on it is gone then. */
  readonly remade?: (before: DevOf<K>, after: DevOf<K>) => boolean
  /** Its namespace without what cannot be without it; its row is gone already. */
  readonly gone?: (n: Netns, d: DevOf<K>) => Netns
  /** The device when its other end has got another name. */
  readonly withPeer?: (d: DevOf<K>, dev: string) => DevOf<K>
}

/** What a device is to stand on; `before`: what it was, null for one that is added. */
export interface Below<D extends Dev> {
  readonly below: Dev
  readonly beside: readonly Dev[]
  readonly before: D | null
}

/** Does a row have text in each of these keys? Whatever a link holds. */
export function texts(x: unknown, ...keys: readonly string[]): boolean {
  return (
    typeof x === 'object' &&
    x !== null &&
    keys.every((k) => typeof (x as Readonly<Record<string, unknown>>)[k] === 'string')
  )
}
