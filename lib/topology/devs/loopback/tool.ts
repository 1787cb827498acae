import type { KindTool } from '../tool.ts'

export const loopback: KindTool<'loopback'> = {
  make: (_, { set }) => set,
  notes: () => ['of kind loopback'],
  // It never tells of its carrier (rfc2863_policy()).
  state: () => 'UNKNOWN',
}
