import { oneOf, nullable, object, chain, nfTable, type Grammar } from '../../script.ts'

export const chains: Grammar = object({
  table: nfTable,
  chain,
  policy: nullable(oneOf('ACCEPT', 'DROP')),
})
