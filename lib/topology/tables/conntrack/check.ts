import { fields, type Check } from '../../check.ts'
import { object, oneOf } from '../../problem.ts'
import { opt, u32, ipProto, tuple, flag } from '../../schema.ts'
import { TCP_STATES } from './row.ts'

export const conntrack: Check<'conntrack'> = fields({
  proto: ipProto,
  original: object(tuple),
  reply: object(tuple),
  mark: u32,
  replied: flag,
  state: opt(oneOf(TCP_STATES)),
  gone: opt(flag),
})
