import { fields, type Check } from '../../check.ts'
import { oneOf, whole } from '../../problem.ts'
import { opt, cidr, device, flag, portOrRange, proto, routeTable, masked } from '../../schema.ts'

export const rules: Check<'rules'> = {
  ...fields({
    priority: whole(0, 0xffffffff, 'priority'),
    table: opt(routeTable),
    from: opt(cidr),
    to: opt(cidr),
    iif: opt(device),
    oif: opt(device),
    fwmark: opt(masked),
    ipproto: opt(proto),
    sport: opt(portOrRange),
    dport: opt(portOrRange),
    suppressPrefixlength: opt(whole(0, 32)),
    action: opt(oneOf(['blackhole', 'prohibit', 'unreachable'])),
    not: opt(flag),
  }),
  rows: ({ space: n }, say) => {
    const tables = new Set(['local', 'main', 'default', ...n.routes.map((r) => r.table)])
    n.rules.forEach((r, row) => {
      if ((r.table === undefined) === (r.action === undefined)) say(row, 'rule-way')
      if (r.action !== undefined && r.suppressPrefixlength !== undefined) say(row, 'rule-suppress')
      for (const key of ['sport', 'dport'] as const)
        if (r[key] !== undefined && r.ipproto !== 'tcp' && r.ipproto !== 'udp')
          say(row, 'rule-ports', key)
      if (r.table !== undefined && !tables.has(r.table)) say(row, 'empty-table', r.table)
    })
  },
}
