import {
  space,
  tablesOf,
  type Ref,
  type Space,
  type TableName,
  type Topology,
} from '#lib/topology/topology.ts'
import type { Tool, ToolOutput } from '#lib/topology/tool.ts'
import { TOOLS } from '#lib/topology/tools.ts'

const toolOf = (table: TableName): Tool<TableName> => TOOLS[table] as unknown as Tool<TableName>

/** The rows of a table as the tool prints them, each line with the row it came from. */
export function tableAsTool(space: Space, table: TableName): ToolOutput {
  return toolOf(table).print(space as never)
}

/** A row as its tool prints it, on one line; null where nothing prints it. */
export function rowAsTool(t: Topology, ref: Ref): string | null {
  const there = space(t, ref.in)
  if (there === undefined) return null
  const lines = tableAsTool(there, ref.table).lines.filter((l) => l.row === ref.row)
  return lines.length === 0 ? null : lines.map((l) => l.text.trim().replace(/\s+/g, ' ')).join(' ')
}

function placed(s: Space, place: 'readAt' | 'editAt'): TableName[] {
  const at = (table: TableName): number => toolOf(table)[place] ?? 0
  return tablesOf(s)
    .filter((table) => at(table) > 0)
    .toSorted((a, b) => at(a) - at(b))
}

/** The tables of a space that one looks at where a packet is, the likeliest first. */
export const tablesToRead = (s: Space): TableName[] => placed(s, 'readAt')

/** The tables of a space that one changes, the likeliest first. */
export const tablesToEdit = (s: Space): TableName[] => placed(s, 'editAt')
