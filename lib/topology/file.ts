import * as v from 'valibot'
import { FEW, ROWS_OF_TABLE, SPACES } from './bounds.ts'
import { list, object, oneOf, problem, problemsOf, short, tell, type Problem } from './problem.ts'
import { network, spaceName } from './schema.ts'
import { CHECKS } from './checks.ts'
import {
  emptyNetns,
  emptyVpc,
  fromSpaces,
  LINUX_TABLES,
  spaces,
  VPC_TABLES,
  type Space,
  type TableName,
  type Topology,
} from './topology.ts'
import { validate } from './validate.ts'

/** Every space with all its rows, in the author's order. Tables without rows are left out, but for `rules`: a namespace has three of its own. */
export interface TopologyFile {
  readonly 'packet-walk-topology': 1
  readonly spaces: readonly object[]
}

/** The whole topology as a value for JSON.stringify; edits are part of it. Derives every space. */
export function toFile(t: Topology): TopologyFile {
  return {
    'packet-walk-topology': 1,
    spaces: spaces(t).map((s) =>
      Object.fromEntries(
        Object.entries(s).filter(
          ([table, x]) => !Array.isArray(x) || x.length > 0 || table === 'rules',
        ),
      ),
    ),
  }
}

const tables = (names: readonly TableName[]) =>
  Object.fromEntries(
    names.map((t) => [
      t,
      v.exactOptional(list(CHECKS[t].schema as v.GenericSchema, ROWS_OF_TABLE, { rowsOf: t })),
    ]),
  )
const SPACE = v.variant(
  'kind',
  [
    object({
      kind: v.literal('netns'),
      name: spaceName,
      node: spaceName,
      role: oneOf(['pod', 'container', 'node', 'host']),
      ...tables(LINUX_TABLES),
    }),
    object({
      kind: v.literal('vpc'),
      name: spaceName,
      cidrs: list(network, FEW, 'ranges'),
      cloud: v.exactOptional(oneOf(['google'])),
      ...tables(VPC_TABLES),
    }),
  ],
  (i) => tell('space-kind', short(i.input)),
)
const FILE = object({
  'packet-walk-topology': v.literal(1, (i) => tell('version', short(i.input))),
  spaces: list(SPACE, SPACES, 'spaces'),
})

/** Is this parsed text a topology file (rather than a cluster file)? */
export function isTopologyFile(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'packet-walk-topology')
}

/** The topology in a file's value, or everything that is wrong with it. */
export function fromFile(
  value: unknown,
): { readonly topology: Topology } | { readonly problems: readonly Problem[] } {
  const parsed = v.safeParse(FILE, value)
  if (!parsed.success) return { problems: problemsOf(parsed.issues) }
  const seen = new Map<string, number>()
  const problems: Problem[] = []
  const made = parsed.output.spaces.map((s, i): Space => {
    const before = seen.get(s.name)
    if (before === undefined) seen.set(s.name, i)
    else problems.push(problem(`spaces[${i}].name`, 'space-twice', s.name, `spaces[${before}]`))
    return s.kind === 'vpc'
      ? { ...emptyVpc(s.name, s.cidrs), ...s }
      : { ...emptyNetns(s.name, s.node, s.role), ...s }
  })
  if (problems.length > 0) return { problems }
  const topology = fromSpaces(made)
  const wrong = validate(topology)
    .filter((f) => !f.odd)
    .map(({ code, args, message, ...f }): Problem => ({
      path: `spaces[${seen.get(f.in)}].${f.table}[${f.row}]`,
      code,
      args,
      message,
    }))
  return wrong.length > 0 ? { problems: wrong } : { topology }
}
