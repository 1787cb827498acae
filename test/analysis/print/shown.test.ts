import { expect, it } from 'vitest'
import { tableAsTool, tablesToEdit, tablesToRead } from '#lib/analysis/print/tools.ts'
import { emptyNetns, emptyVpc, tablesOf } from '#lib/topology/topology.ts'

const [n, v] = [emptyNetns('n', 'n', 'node'), emptyVpc('v', ['10.0.0.0/8'])]

it('the tables that one looks at, and those that one changes, the likeliest first', () => {
  expect(tablesToRead(n).join(' ')).toBe(
    'routes rules neigh fdb netfilter conntrack devs sockets sysctls leases ipvsServices ipvsServers ipsets ipsetEntries recent',
  )
  expect(tablesToRead(v).join(' ')).toBe('enis sgRules aclRules vpcRoutes subnets sgFlows')
  expect(tablesToEdit(n).join(' ')).toBe(
    'routes neigh fdb netfilter rules devs daemons leases sysctls sockets ipvsServices ipvsServers ipsets ipsetEntries',
  )
  expect(tablesToEdit(v).join(' ')).toBe('sgRules enis vpcRoutes aclRules')
})

it('every table has a tool, also when it is empty', () => {
  for (const s of [n, v])
    for (const table of tablesOf(s)) expect(tableAsTool(s, table).command, table).toMatch(/^[a-z]/)
})
