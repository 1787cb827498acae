import { agree } from './words.ts'
import { short } from '#lib/topology/problem.ts'
import { anything, cidr, list, oneOf, space, variant, type Grammar } from '#lib/topology/script.ts'
import { SCRIPTED } from '#lib/topology/scripts.ts'
import {
  LINUX_TABLES,
  spaces,
  VPC_TABLES,
  type Space,
  type TableName,
  type Topology,
} from '#lib/topology/topology.ts'

/** Every table of which something is printed: not the security groups, ACLs and gateways. */
const printed = (names: readonly TableName[]): Readonly<Record<string, Grammar>> => {
  const scripted = new Map<string, Grammar>(Object.entries(SCRIPTED))
  return Object.fromEntries(
    names.flatMap((name) => {
      const row = scripted.get(name)
      return row === undefined ? [] : [[name, list(row)]]
    }),
  )
}
const SPACE = variant('kind', {
  netns: {
    name: space,
    node: space,
    role: oneOf('pod', 'container', 'node', 'host'),
    ...printed(LINUX_TABLES),
  },
  vpc: { name: anything, cidrs: list(cidr), ...printed(VPC_TABLES) },
})

/** The spaces, each row of them such that it can be printed. RangeError names the first place where something else stands, and what may. */
export function printable(t: Topology): Space[] {
  const all = spaces(t)
  const seen = new Set<string>()
  for (const s of all) {
    const wrong = SPACE(s)
    if (wrong !== null)
      throw new RangeError(
        agree().unprintable(
          `${/^[\w.-]{1,60}$/.test(s.name) ? s.name : short(s.name)}${wrong.at}`,
          short(wrong.was),
          wrong.right,
        ),
      )
    if (seen.has(s.name)) throw new RangeError(agree().nameTwice(short(s.name)))
    seen.add(s.name)
  }
  return all
}
