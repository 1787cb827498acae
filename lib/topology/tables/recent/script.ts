import { ipv4, listName, object, opt, whole, type Grammar } from '../../script.ts'

export const recent: Grammar = object({
  list: listName,
  ip: ipv4,
  ago: opt(whole(0, 0xffffffff)),
})
