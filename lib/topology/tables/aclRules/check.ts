import { fields, type Check } from '../../check.ts'
import { oneOf, whole } from '../../problem.ts'
import { opt, cidr, subnetId, ports, direction, anyProto } from '../../schema.ts'

export const aclRules: Check<'aclRules'> = {
  ...fields({
    subnet: subnetId,
    direction,
    number: whole(1, 32766, 'rule-number'),
    proto: anyProto,
    ports: opt(ports),
    cidr,
    action: oneOf(['allow', 'deny']),
  }),
  rows: ({ space: v }, say) => {
    const subnetIds = [...new Set(v.subnets.map((s) => s.id))]
    v.aclRules.forEach((r, row) => {
      if (!subnetIds.includes(r.subnet)) say(row, 'eni-subnet', r.subnet, subnetIds)
    })
  },
}
