import { fields, type Check } from '../../check.ts'
import { whole } from '../../problem.ts'
import { opt, cidr, device, flag, routeTable, masked } from '../../schema.ts'

export const rules: Check<'rules'> = {
  ...fields({
    priority: whole(0, 0xffffffff, 'priority'),
    table: routeTable,
    from: opt(cidr),
    to: opt(cidr),
    iif: opt(device),
    fwmark: opt(masked),
    not: opt(flag),
  }),
  rows: ({ space: n }, say) => {
    const tables = new Set(['local', 'main', 'default', ...n.routes.map((r) => r.table)])
    n.rules.forEach((r, row) => {
      if (!tables.has(r.table)) say(row, 'empty-table', r.table)
    })
  },
}
