import {
  opt,
  list,
  object,
  anything,
  cidr,
  ipv4,
  mac,
  attached,
  whole,
  type Grammar,
} from '../../script.ts'

/** What is `anything` lands in JSON only. */
export const enis: Grammar = object({
  id: anything,
  subnet: anything,
  mac,
  ips: list(ipv4),
  prefixes: opt(list(cidr)),
  publicIp: opt(ipv4),
  branch: opt(object({ trunk: anything, vlan: whole(1, 4094) })),
  attached,
})
