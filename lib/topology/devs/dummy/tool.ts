import type { KindTool } from '../tool.ts'

export const dummy: KindTool<'dummy'> = {
  make: (d, { words }) => [`ip link add name ${d.name} ${words} type dummy`],
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
