import { object, anything, ipv4, cidr, mac, type Grammar } from '../../script.ts'

/** What is `anything` lands in JSON only. */
export const subnets: Grammar = object({
  id: anything,
  cidr,
  routeTable: anything,
  router: object({ ip: ipv4, mac }),
})
