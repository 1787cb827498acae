import { fields, type Check } from '../../check.ts'
import { oneOf } from '../../problem.ts'
import { ipv4, port } from '../../schema.ts'

export const ipvsServices: Check<'ipvsServices'> = fields({
  proto: oneOf(['tcp', 'udp']),
  ip: ipv4,
  port,
  scheduler: oneOf(['rr']),
})
