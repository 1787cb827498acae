import type { Refuse } from '../../refuse.ts'
import { entriesOf } from '../ipsetEntries/known.ts'

/** In the words of ipset 7.17. */
export const ipsets: Refuse<'ipsets'> = {
  alone: (n, { name, type, range, maxelem = 65536 }) => {
    const bitmap = type === 'bitmap:port'
    if (bitmap && range === undefined)
      return "Mandatory option `range' is missing: write one, such as 0-65535"
    if (!bitmap && range !== undefined)
      return `Unknown argument: \`range'; ${type} holds whatever fits its entries, so leave it out`
    const held = entriesOf(n.ipsetEntries).get(name)?.length ?? 0
    return bitmap || held <= maxelem
      ? null
      : `Hash is full, cannot add more elements: it has ${held} and may hold ${maxelem}; give it a larger maxelem`
  },
  one: (_, { name }) => `set ${name}`,
  exists: 'Set cannot be created: set with the same name already exists: ',
}
