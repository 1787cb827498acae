import type { IpSet, IpSetEntry } from '#lib/topology/rows.ts'
import { entryRefused } from '#lib/topology/tables/ipsetEntries/refuse.ts'
import { SET_TYPES } from '#lib/topology/tables/ipsets/known.ts'

/** What `ipset save` prints, as rows. */
export interface SavedSets {
  readonly ipsets: readonly IpSet[]
  readonly ipsetEntries: readonly IpSetEntry[]
}

/** Options that decide nothing here, each with a value. */
const PASSED = ['family', 'hashsize', 'bucketsize', 'initval']

/** Read `ipset save` text (`create NAME TYPE …`, `add NAME ENTRY`). RangeError names the line and what is not understood: nothing is skipped in silence. */
export function parseIpset(text: string): SavedSets {
  const sets = new Map<string, IpSet>()
  const ipsetEntries: IpSetEntry[] = []
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return
    const fail = (why: string): never => {
      throw new RangeError(`line ${i + 1}: ${why} in ${line}`)
    }
    const [verb, name = '', word = '', ...options] = line.split(/\s+/)
    if (verb === 'create') sets.set(name, created(name, word, { options, fail }))
    else if (verb === 'add') {
      const set = sets.get(name) ?? fail(`there is no set ${name}`)
      if (options.some((o) => o !== 'nomatch')) fail(`${options.join(' ')} is not understood`)
      const entry = {
        set: name,
        entry: word.replace(/\/32(?=$|,)/g, ''),
        ...(options.length === 0 ? {} : { nomatch: true as const }),
      }
      const why = entryRefused(set, entry)
      if (why !== null) fail(why)
      ipsetEntries.push(entry)
    } else fail(`${verb} is not understood`)
  })
  return { ipsets: [...sets.values()], ipsetEntries }
}

function created(
  name: string,
  type: string,
  { options, fail }: { readonly options: readonly string[]; readonly fail: (why: string) => never },
): IpSet {
  const known = SET_TYPES.find((t) => t === type)
  if (known === undefined)
    return fail(`${type} is not understood; there are ${SET_TYPES.join(' ')},`)
  const set: { -readonly [K in keyof IpSet]: IpSet[K] } = { name, type: known }
  for (let i = 0; i < options.length; i += 2) {
    const [option = '', value = ''] = options.slice(i, i + 2)
    if (option === 'family' && value !== 'inet') fail(`family ${value} is not modelled`)
    else if (option === 'maxelem') {
      if (value !== '65536') set.maxelem = Number(value)
    } else if (option === 'range') set.range = value as `${number}-${number}`
    else if (!PASSED.includes(option)) fail(`${option} is not understood`)
  }
  return set
}
