import { object, oneOf, opt, setEntry, setName, type Grammar } from '../../script.ts'

export const ipsetEntries: Grammar = object({
  set: setName,
  entry: setEntry,
  nomatch: opt(oneOf(true)),
})
