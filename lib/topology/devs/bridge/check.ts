import type { KindCheck } from '../check.ts'

export const bridge: KindCheck<'bridge'> = { fields: {} }
