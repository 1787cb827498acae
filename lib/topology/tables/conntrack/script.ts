import { oneOf, opt, object, flag, u32, proto, ends, type Grammar } from '../../script.ts'

export const conntrack: Grammar = object({
  proto,
  original: ends,
  reply: ends,
  mark: u32,
  replied: flag,
  state: opt(
    oneOf(
      'SYN_SENT',
      'SYN_RECV',
      'ESTABLISHED',
      'FIN_WAIT',
      'CLOSE_WAIT',
      'LAST_ACK',
      'TIME_WAIT',
      'CLOSE',
    ),
  ),
})
