import { object, anything, cidr, type Grammar } from '../../script.ts'

/** What is `anything` lands in JSON only. */
export const vpcRoutes: Grammar = object({ routeTable: anything, dst: cidr, target: anything })
