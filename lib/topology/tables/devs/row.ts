import type { Dev } from '../../devs.ts'
import type { Table } from '../../table.ts'

/** A device as the line of `ip addr` for it begins. */
export function deviceText(d: Dev): string {
  return `${d.name}: mtu ${d.mtu} ${d.kind}${d.master === undefined ? '' : ` master ${d.master}`}`
}

export const devs: Table<Dev, 'netns'> = { in: 'netns', born: [], text: deviceText }
