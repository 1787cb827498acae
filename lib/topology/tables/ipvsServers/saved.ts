import type { ToolLine, ToolOutput } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { ipvsServices, sameVirtual, virtualText } from '../ipvsServices/row.ts'
import { ipvsServers } from './row.ts'

/** Services by protocol, address and port, each with its servers by address and port, as ipvsadm sorts them. Lines carry the row of the table that was asked. */
export const ipvsSaved =
  (asked: 'ipvsServices' | 'ipvsServers') =>
  (n: Netns): ToolOutput => {
    const servers = byNumbers(n.ipvsServers, ({ to, toPort }) => `${to}:${toPort}`)
    const lines = byNumbers(n.ipvsServices, virtualText).flatMap(({ x, row }): ToolLine[] => [
      { text: ipvsServices.text(x), row: asked === 'ipvsServices' ? row : null },
      ...servers
        .filter((d) => sameVirtual(d.x, x))
        .map((d) => ({
          text: ipvsServers.text(d.x),
          row: asked === 'ipvsServers' ? d.row : null,
        })),
    ])
    return { command: 'ipvsadm -Sn', lines }
  }

/** Addresses and ports by their numbers. */
function byNumbers<T>(
  rows: readonly T[],
  text: (x: T) => string,
): { readonly x: T; readonly row: number }[] {
  return rows
    .map((x, row) => ({ x, row }))
    .toSorted((a, b) => text(a.x).localeCompare(text(b.x), 'en', { numeric: true }))
}
