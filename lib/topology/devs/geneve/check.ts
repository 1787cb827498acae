import * as v from 'valibot'
import { oneOf, short, tell, whole } from '../../problem.ts'
import { flag, ipv4, opt, port } from '../../schema.ts'
import type { KindCheck } from '../check.ts'

export const geneve: KindCheck<'geneve'> = {
  fields: {
    vni: whole(0, 0xffffff, 'vni'),
    remote: ipv4,
    port,
    ttl: opt(
      v.union([whole(1, 255), oneOf(['inherit'])], (i) => tell('ttl-inherit', short(i.input))),
    ),
    tos: opt(oneOf(['inherit'])),
    df: opt(oneOf(['set', 'inherit'])),
    udpcsum: opt(flag),
  },
}
