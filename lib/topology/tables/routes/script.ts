import {
  oneOf,
  opt,
  either,
  object,
  device,
  tableId,
  ipv4,
  cidr,
  flag,
  u32,
  whole,
  type Grammar,
} from '../../script.ts'
import { PROTOS } from './row.ts'

export const routes: Grammar = object({
  table: either(tableId, oneOf('cache')),
  dst: cidr,
  type: opt(oneOf('unicast', 'blackhole', 'unreachable', 'prohibit', 'throw')),
  dev: opt(device),
  via: opt(ipv4),
  src: opt(ipv4),
  onlink: opt(flag),
  metric: opt(u32),
  weight: opt(whole(1, 256)),
  mtu: opt(u32),
  proto: opt(oneOf(...PROTOS)),
  scope: opt(oneOf('link', 'host')),
})
