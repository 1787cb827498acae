import { fields, type Check } from '../../check.ts'
import { eniId, ipProto, tuple } from '../../schema.ts'

export const sgFlows: Check<'sgFlows'> = fields({ eni: eniId, proto: ipProto, ...tuple })
