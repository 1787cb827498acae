import { linkOf, traits, type Dev } from '../../devs.ts'
import type { Table } from '../../table.ts'

/** A device as the line of `ip addr` for it begins. */
export function deviceText(d: Dev): string {
  const [link, says] = [linkOf(d), traits(d).says?.(d)]
  return `${d.name}${link === null ? '' : `@${link.dev}`}: mtu ${d.mtu} ${d.kind}${says === undefined ? '' : ` ${says}`}${d.master === undefined ? '' : ` master ${d.master}`}`
}

export const devs: Table<Dev, 'netns'> = { in: 'netns', born: [], text: deviceText }
