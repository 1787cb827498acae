import { fields, type Check } from '../../check.ts'
import { eniId, proto, tuple } from '../../schema.ts'

export const sgFlows: Check<'sgFlows'> = fields({ eni: eniId, proto, ...tuple })
