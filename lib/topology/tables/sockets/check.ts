import { fields, type Check } from '../../check.ts'
import { object, oneOf } from '../../problem.ts'
import { opt, ipv4, program, port } from '../../schema.ts'

export const sockets: Check<'sockets'> = fields({
  proto: oneOf(['tcp', 'udp']),
  port,
  addr: opt(ipv4),
  program,
  relay: opt(object({ ip: ipv4, port })),
})
