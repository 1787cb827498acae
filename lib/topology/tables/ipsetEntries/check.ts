import * as v from 'valibot'
import { fields, type Check } from '../../check.ts'
import { as, tell } from '../../problem.ts'
import { flag, opt, setName } from '../../schema.ts'
import { isEntryText } from './known.ts'

export const ipsetEntries: Check<'ipsetEntries'> = fields({
  set: setName,
  entry: as<string>(isEntryText, 'set-entry'),
  nomatch: opt(
    v.pipe(
      flag,
      v.check((x) => x, tell('only-true')),
      v.transform((): true => true),
    ),
  ),
})
