import type { KindCheck } from '../check.ts'

export const loopback: KindCheck<'loopback'> = { fields: {} }
