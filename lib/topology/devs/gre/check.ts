import { flag, ipv4, opt, u32 } from '../../schema.ts'
import type { KindCheck } from '../check.ts'
import { tunnelFields } from '../ipip/check.ts'

export const greFields = { ...tunnelFields, remote: ipv4, key: opt(u32), csum: opt(flag) } as const

export const gre: KindCheck<'gre'> = { fields: greFields }
