import type { Address, Mac } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { words } from '../../text.ts'

/** `bridge fdb`: on a bridge `dev` is the port and `master` the bridge; on a vxlan device `dst` is the remote VTEP. */
export interface FdbEntry {
  readonly mac: Mac
  readonly dev: string
  readonly master?: string
  readonly dst?: Address
  readonly state: 'permanent' | 'learned'
}

/** A forwarding entry as `bridge fdb` prints it. */
export function fdbText(f: FdbEntry): string {
  return words(
    f.mac,
    `dev ${f.dev}`,
    f.dst !== undefined && `dst ${f.dst}`,
    f.master !== undefined ? `master ${f.master}` : 'self',
    f.state === 'permanent' && 'permanent',
  )
}

export const fdb: Table<FdbEntry, 'netns'> = { in: 'netns', born: [], key: 'mac', text: fdbText }
