import * as v from 'valibot'
import { fields, type Check } from '../../check.ts'
import { short, tell } from '../../problem.ts'
import { opt, cidr, ports, groupId, direction, anyProto } from '../../schema.ts'

export const sgRules: Check<'sgRules'> = {
  ...fields({
    group: groupId,
    direction,
    proto: anyProto,
    ports: opt(ports),
    peer: v.union([cidr, groupId], (i) => tell('peer', short(i.input))),
  }),
  rows: ({ space: v }, say) => {
    const groups = new Set<string>(v.sgRules.map((r) => r.group))
    const groupIds = [...groups]
    v.sgRules.forEach((r, row) => {
      if (r.peer.startsWith('sg-') && !groups.has(r.peer)) say(row, 'no-group', r.peer, groupIds)
    })
  },
}
