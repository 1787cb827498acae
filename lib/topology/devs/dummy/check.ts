import type { KindCheck } from '../check.ts'

export const dummy: KindCheck<'dummy'> = { fields: {} }
