import type { KindCheck } from '../check.ts'
import { greFields } from '../gre/check.ts'

export const gretap: KindCheck<'gretap'> = { fields: greFields }
