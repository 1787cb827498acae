import type { ToolLine, ToolOutput } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { ipsetEntries } from '../ipsetEntries/row.ts'
import { entriesOf } from '../ipsetEntries/known.ts'
import { ipsets } from './row.ts'

/** Sets in the order in which they were made, each with its entries. Lines carry the row of the table that was asked. */
export const ipsetSaved =
  (asked: 'ipsets' | 'ipsetEntries') =>
  (n: Netns): ToolOutput => {
    const held = entriesOf(n.ipsetEntries)
    const lines = n.ipsets.flatMap((x, row): ToolLine[] => [
      { text: ipsets.text(x), row: asked === 'ipsets' ? row : null },
      ...(held.get(x.name) ?? []).map((at) => ({
        text: ipsetEntries.text(n.ipsetEntries[at]!),
        row: asked === 'ipsetEntries' ? at : null,
      })),
    ])
    return {
      command: 'ipset save',
      note: 'without initval; entries as they were added (a hash has an order of its own), hashsize as it was when empty',
      lines,
    }
  }
