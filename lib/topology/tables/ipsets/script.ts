import { object, oneOf, opt, setName, setRange, whole, type Grammar } from '../../script.ts'
import { SET_TYPES } from './known.ts'

export const ipsets: Grammar = object({
  name: setName,
  type: oneOf(...SET_TYPES),
  maxelem: opt(whole(1, 0xffffffff)),
  range: opt(setRange),
})
