import { ipv4, object, oneOf, port, whole, type Grammar } from '../../script.ts'

export const ipvsServers: Grammar = object({
  proto: oneOf('tcp', 'udp'),
  ip: ipv4,
  port,
  to: ipv4,
  toPort: port,
  weight: whole(0, 65535),
})
