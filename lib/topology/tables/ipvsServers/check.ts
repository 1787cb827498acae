import { fields, type Check } from '../../check.ts'
import { oneOf, whole } from '../../problem.ts'
import { ipv4, port } from '../../schema.ts'

export const ipvsServers: Check<'ipvsServers'> = fields({
  proto: oneOf(['tcp', 'udp']),
  ip: ipv4,
  port,
  to: ipv4,
  toPort: port,
  weight: whole(0, 65535),
})
