import { ipv4, object, oneOf, port, type Grammar } from '../../script.ts'

export const ipvsServices: Grammar = object({
  proto: oneOf('tcp', 'udp'),
  ip: ipv4,
  port,
  scheduler: oneOf('rr'),
})
