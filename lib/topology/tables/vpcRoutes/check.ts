import * as v from 'valibot'
import { isId } from '../../grammar.ts'
import { fields, type Check } from '../../check.ts'
import { saying, short, tell } from '../../problem.ts'
import { network, tableId } from '../../schema.ts'

export const vpcRoutes: Check<'vpcRoutes'> = {
  ...fields({
    routeTable: tableId,
    dst: network,
    target: v.custom<string>(
      (x) => x === 'local' || (typeof x === 'string' && isId(x)),
      (i) => tell('id', short(i.input), saying().orLocal('igw-main')),
    ),
  }),
  rows: ({ space: v }, say) => {
    const targets = new Set([
      'local',
      ...[...v.gateways, ...v.peerings, ...v.enis].map((x) => x.id),
    ])
    const targetIds = [...targets]
    v.vpcRoutes.forEach((r, row) => {
      if (!targets.has(r.target)) say(row, 'vpc-target', r.target, targetIds)
    })
  },
}
