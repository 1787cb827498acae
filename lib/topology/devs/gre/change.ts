import type { DevKind, DevOf } from '../../devs.ts'
import type { Netns } from '../../topology.ts'
import type { KindChange } from '../change.ts'
import type { GreTunnel } from './row.ts'

type Gre = Extract<DevOf<DevKind>, GreTunnel & { readonly kind: 'gre' | 'gretap' }>

/** ip_tunnel_newlink(): one tunnel of a kind between two ends, for each key. */
export function twinOf(n: Netns, d: Gre): string | null {
  const twin = n.devs.find(
    (x) =>
      x !== d &&
      x.name !== d.name &&
      x.kind === d.kind &&
      x.local === d.local &&
      x.remote === d.remote &&
      x.key === d.key,
  )
  return twin === undefined
    ? null
    : `File exists: ${twin.name} has these ends and this key already; take another key, local or remote`
}

/** Another key, or checksums: the device is made again. */
export const remade = (before: GreTunnel, after: GreTunnel): boolean =>
  before.key !== after.key || (before.csum === true) !== (after.csum === true)

export const gre: KindChange<'gre'> = { refused: (n, _, d) => twinOf(n, d), remade }
