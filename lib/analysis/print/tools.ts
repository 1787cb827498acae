import { tablesOf, type Space, type TableName } from '#lib/topology/topology.ts'
import type { Tool, ToolOutput } from '#lib/topology/tool.ts'
import { TOOLS } from '#lib/topology/tools.ts'

const toolOf = (table: TableName): Tool<TableName> => TOOLS[table] as unknown as Tool<TableName>

/** The rows of a table as the tool prints them, each line with the row it came from. */
export function tableAsTool(space: Space, table: TableName): ToolOutput {
  return toolOf(table).print(space as never)
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
