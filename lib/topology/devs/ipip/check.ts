import { oneOf, whole } from '../../problem.ts'
import { flag, ipv4, opt } from '../../schema.ts'
import type { KindCheck } from '../check.ts'

export const tunnelFields = {
  local: opt(ipv4),
  remote: opt(ipv4),
  ttl: opt(whole(1, 255)),
  tos: opt(oneOf(['inherit'])),
  pmtudisc: opt(flag),
} as const

export const ipip: KindCheck<'ipip'> = { fields: tunnelFields }
