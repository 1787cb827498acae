import { object, device, anything, ipv4, port, type Grammar } from '../../script.ts'

/** What is `anything` lands in JSON only. */
export const daemons: Grammar = object({ name: anything, tun: device, port, local: ipv4 })
