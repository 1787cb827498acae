import { fields, type Check } from '../../check.ts'
import { whole } from '../../problem.ts'
import { ipv4, listName, opt } from '../../schema.ts'

export const recent: Check<'recent'> = fields({
  list: listName,
  ip: ipv4,
  ago: opt(whole(0, 0xffffffff)),
})
