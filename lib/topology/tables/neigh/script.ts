import { oneOf, nullable, object, device, ipv4, mac, type Grammar } from '../../script.ts'

export const neigh: Grammar = object({
  ip: ipv4,
  dev: device,
  lladdr: nullable(mac),
  state: oneOf('PERMANENT', 'REACHABLE', 'STALE', 'DELAY', 'INCOMPLETE', 'FAILED'),
})
