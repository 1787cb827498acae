import { fields, type Check } from '../../check.ts'
import { as, oneOf, whole } from '../../problem.ts'
import { opt, setName } from '../../schema.ts'
import { isPortRange, SET_TYPES } from './known.ts'

export const ipsets: Check<'ipsets'> = fields({
  name: setName,
  type: oneOf(SET_TYPES),
  maxelem: opt(whole(1, 0xffffffff)),
  range: opt(as<`${number}-${number}`>(isPortRange, 'set-range')),
})
