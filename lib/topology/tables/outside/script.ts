import { object, anything, ipv4, mac, attached, type Grammar } from '../../script.ts'

/** What is `anything` lands in JSON only. */
export const outside: Grammar = object({ gateway: anything, ip: ipv4, mac, attached })
