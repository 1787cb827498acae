import { fields, type Check } from '../../check.ts'
import { oneOf } from '../../problem.ts'
import { gatewayId, bytes } from '../../schema.ts'

export const gateways: Check<'gateways'> = fields({
  id: gatewayId,
  kind: oneOf(['igw']),
  mtu: bytes,
})
