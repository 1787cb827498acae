import { oneOf, opt, object, flag, u32, ipProto, ends, type Grammar } from '../../script.ts'
import { TCP_STATES } from './row.ts'

export const conntrack: Grammar = object({
  proto: ipProto,
  original: ends,
  reply: ends,
  mark: u32,
  replied: flag,
  state: opt(oneOf(...TCP_STATES)),
})
