import { oneOf, opt, object, ipv4, port, type Grammar } from '../../script.ts'

export const sockets: Grammar = object({
  proto: oneOf('tcp', 'udp'),
  port,
  addr: opt(ipv4),
  relay: opt(object({ ip: ipv4, port })),
})
