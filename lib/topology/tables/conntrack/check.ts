import { fields, type Check } from '../../check.ts'
import { object, oneOf } from '../../problem.ts'
import { opt, u32, proto, tuple, flag } from '../../schema.ts'

export const conntrack: Check<'conntrack'> = fields({
  proto,
  original: object(tuple),
  reply: object(tuple),
  mark: u32,
  replied: flag,
  state: opt(
    oneOf([
      'SYN_SENT',
      'SYN_RECV',
      'ESTABLISHED',
      'FIN_WAIT',
      'CLOSE_WAIT',
      'LAST_ACK',
      'TIME_WAIT',
      'CLOSE',
    ]),
  ),
  gone: opt(flag),
})
