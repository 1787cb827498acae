import type { Dev, DevKind } from '../devs.ts'
import { bridge } from './bridge/change.ts'
import type { KindChange } from './change.ts'
import type { KIND_CHANGES } from './changes.ts'
import { loopback } from './loopback/change.ts'
import { nic } from './nic/change.ts'
import { tun } from './tun/change.ts'
import { veth } from './veth/change.ts'
import { vxlan } from './vxlan/change.ts'

/** Kinds that most networks have; those of few come with their devices (lib/link/kinds.ts). */
let known: Partial<typeof KIND_CHANGES> = { loopback, nic, veth, bridge, vxlan, tun }

/** Every kind is known from now on. */
export function addChanges(all: typeof KIND_CHANGES): void {
  known = all
}

/** What of its kind Linux refuses, and what follows. */
export const changesOf = (d: Dev): KindChange<DevKind> =>
  (known[d.kind as keyof typeof known] as KindChange<DevKind> | undefined) ?? {}
