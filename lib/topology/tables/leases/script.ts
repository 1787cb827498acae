import { object, anything, ipv4, cidr, type Grammar } from '../../script.ts'

/** What is `anything` lands in JSON only. */
export const leases: Grammar = object({ daemon: anything, subnet: cidr, publicIp: ipv4 })
