import type { Address, Mac } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { words } from '../../text.ts'

/** STALE is heard of, not confirmed; DELAY is STALE and somebody was sent to: five seconds later the kernel asks (PROBE), which a walk does not wait for. */
export interface Neigh {
  readonly ip: Address
  readonly dev: string
  readonly lladdr: Mac | null
  readonly state: 'PERMANENT' | 'REACHABLE' | 'STALE' | 'DELAY' | 'INCOMPLETE' | 'FAILED'
}

/** A neighbour as `ip neigh` prints it. */
export function neighText(n: Neigh): string {
  return words(n.ip, `dev ${n.dev}`, n.lladdr !== null && `lladdr ${n.lladdr}`, n.state)
}

/** A neighbour as `ip neigh add` takes it. Typed as DELAY it would be asked for at once (neigh_update() starts its timer with no time left): what one can type is what it was before somebody was sent to. */
export function neighTyped(n: Neigh): string {
  return neighText(n).replace(
    / (\w+)$/,
    (_, state: string) => ` nud ${state === 'DELAY' ? 'stale' : state.toLowerCase()}`,
  )
}

export const neigh: Table<Neigh, 'netns'> = { in: 'netns', born: [], key: 'ip', text: neighText }
