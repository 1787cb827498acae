import { oneOf, opt, object, device, ipv4, mac, type Grammar } from '../../script.ts'

export const fdb: Grammar = object({
  mac,
  dev: device,
  master: opt(device),
  dst: opt(ipv4),
  state: oneOf('permanent', 'learned'),
})
