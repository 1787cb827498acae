/** Files that nobody means well with: valid ones with something put into them, and texts that are no files at all. */
import fc from 'fast-check'
import { stringify } from 'yaml'
import { toFile } from '#lib/topology/file.ts'
import { fieldsOf } from '#lib/topology/fields.ts'
import { TABLES as ALL } from '#lib/topology/rows.ts'
import { spaces, type TableName } from '#lib/topology/topology.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'
import { clusterOf, SCENARIOS } from '#lib/worlds/all.ts'

type Json = Readonly<Record<string, unknown>>

/** Draws from one stream of numbers: the same seed, the same file. */
interface Dice {
  readonly below: (n: number) => number
  readonly one: <T>(xs: readonly T[]) => T
  readonly chance: (share: number) => boolean
}
function dice(seed: number): Dice {
  let state = (seed ^ 0x9e3779b9) >>> 0
  // mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number): number => Math.floor(next() * n)
  return { below, one: (xs) => xs[below(xs.length)]!, chance: (share) => next() < share }
}

const SHELL = [
  '$(touch pwn)',
  '`touch pwn`',
  "'; touch pwn; '",
  '"; touch pwn #',
  '| touch pwn',
  '&& touch pwn',
  '> pwn',
  '../../../../tmp/owned',
  '/etc/owned',
  '-h',
  '--help',
  '*',
  '~',
  '$HOME',
  'a\nb',
  'a\tb',
  'a b',
  '\0',
  '\u001b]0;x\u0007',
  '\u202eabc',
  '\ud800',
  'é',
  '',
  ' ',
  '.',
  '..',
  '%s%n',
  '{n}',
  '__proto__',
  'constructor',
  'SAVED',
  'LINES',
  'EOF',
  'COMMIT',
]
const NUMBERS = [
  0,
  -1,
  -0.5,
  0.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1,
  65_536,
  99_999,
]
const ADDRESSES = [
  '0.0.0.0',
  '127.0.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '169.254.1.1',
  '10.96.0.50',
  '172.17.0.1',
  '192.168.0.1',
  '0.0.0.0/0',
  '127.0.0.0/8',
  '224.0.0.0/4',
  '169.254.0.0/16',
  '10.0.0.0/8',
  '192.168.0.0/16',
  '172.17.0.0/16',
  '10.1.0.0/33',
  '10.1.2.3/8',
  '1.2.3',
  '01.2.3.4',
  'ff:ff:ff:ff:ff:ff',
  '00:00:00:00:00:00',
]
const WORDS = [
  'node-1',
  'pod-1',
  'vpc',
  'internet',
  'eth0',
  'docker0',
  'flannel.1',
  'lo',
  'all',
  'default',
  'main',
  'local',
  '254',
  'foo',
  'sg-node',
  'sg-x',
  'igw-main',
  'ACCEPT',
  'MARK',
  'PREROUTING',
  'OUTPUT',
  'eni+',
  '+',
  'tcp/80',
  '80:80',
  'net.ipv4.ip_forward',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.conf.../../../tmp/owned',
]

function anything(d: Dice, depth = 0): unknown {
  switch (d.below(depth > 3 ? 7 : 11)) {
    case 0:
      return d.one(SHELL)
    case 1:
      return d.one(NUMBERS)
    case 2:
      return d.one(ADDRESSES)
    case 3:
      return d.one(WORDS)
    case 4:
      return d.one([null, true, false])
    case 5:
      return d.one(['x', 'é', '\u202e', 'a.']).repeat(d.one([10, 61, 64, 300, 20_000]))
    case 6:
      return d.one([[], {}])
    case 7:
      return Array.from({ length: d.below(4) }, () => anything(d, depth + 1))
    case 8:
      return { [d.one([...WORDS, ...SHELL])]: anything(d, depth + 1) }
    case 9:
      return JSON.parse(
        `{${JSON.stringify(d.one(['__proto__', 'constructor', 'prototype', 'toString']))}:{"polluted":true}}`,
      ) as unknown
    default:
      return nested(d.one([5, 20, 100]))
  }
}

function nested(n: number): unknown {
  let x: unknown = 1
  for (let i = 0; i < n; i += 1) x = i % 2 === 0 ? [x] : { a: x }
  return x
}

/** Every place of a value, and how to put something else there. */
function places(
  x: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof x !== 'object' || x === null) return [path]
  return [
    path,
    ...Object.entries(x).flatMap(([k, y]) =>
      places(y, [...path, Array.isArray(x) ? Number(k) : k]),
    ),
  ]
}
function put(
  x: unknown,
  path: readonly (string | number)[],
  change: (old: unknown) => unknown,
): unknown {
  const [step, ...rest] = path
  if (step === undefined) return change(x)
  if (Array.isArray(x)) return x.with(Number(step), put(x[Number(step)], rest, change))
  return { ...(x as Json), [step]: put((x as Json)[step], rest, change) }
}

function mutated(file: unknown, d: Dice): unknown {
  const path = d.one(places(file))
  return put(file, path, (old) => {
    switch (d.below(7)) {
      case 0:
        return typeof old === 'object' && old !== null && !Array.isArray(old)
          ? Object.fromEntries(Object.entries(old).filter(() => d.chance(0.7)))
          : anything(d)
      case 1:
        return Array.isArray(old) ? [...(old as unknown[]), ...(old as unknown[])] : anything(d)
      case 2:
        return typeof old === 'object' && old !== null && !Array.isArray(old)
          ? { ...old, [d.one([...SHELL, ...WORDS])]: anything(d) }
          : anything(d)
      case 3:
        return typeof old === 'number'
          ? d.one(NUMBERS)
          : typeof old === 'string'
            ? d.one([...ADDRESSES, ...WORDS])
            : anything(d)
      case 4:
        return typeof old === 'string' ? `${old}${d.one(SHELL)}` : anything(d)
      default:
        return anything(d)
    }
  })
}

function cluster(d: Dice): Json {
  const network = d.one(WORLD_IDS)
  const nodes = Array.from({ length: 1 + d.below(3) }, (_, i) => ({ name: `node-${i + 1}` }))
  const pods = Array.from({ length: d.below(4) }, (_, i) => ({
    name: `pod-${i + 1}`,
    node: `node-${1 + d.below(nodes.length)}`,
    ...(d.chance(0.2) ? { listen: ['tcp/8080', 'udp/53'] } : {}),
  }))
  if (d.chance(0.1))
    return {
      'packet-walk': 1,
      network,
      count: d.one([1, 3, 10, 20_000]),
      podsPerNode: d.one([0, 2, 250]),
    }
  return {
    'packet-walk': 1,
    network,
    nodes,
    pods,
    ...(d.chance(0.3)
      ? { hosts: [{ name: 'internet', ip: d.one(['203.0.113.10', ...ADDRESSES]) }] }
      : {}),
    ...(d.chance(0.3) && network !== 'docker-bridge'
      ? {
          services: [
            { name: 'svc', port: 80, targetPort: 8080, pods: pods.slice(0, 1).map((p) => p.name) },
          ],
        }
      : {}),
    ...(d.chance(0.2) ? { vpc: { cidr: d.one(['192.168.0.0/16', ...ADDRESSES]) } } : {}),
    ...(d.chance(0.2) && network.startsWith('flannel')
      ? { podCidr: d.one(['10.1.0.0/16', ...ADDRESSES]) }
      : {}),
    ...(d.chance(0.2) ? { serviceCidr: d.one(['10.96.0.0/12', ...ADDRESSES]) } : {}),
  }
}

const WORLD_ROWS = Object.values(SCENARIOS).flatMap((s) =>
  spaces(s.topology).flatMap((x) =>
    Object.entries(x).flatMap(([table, rows]) =>
      Object.hasOwn(ALL, table)
        ? (rows as object[]).map((row) => ({ table: table as TableName, row }))
        : [],
    ),
  ),
)
const TABLES = [...new Set(WORLD_ROWS.map((x) => x.table))]

/** An edit of any table: with a row that is there, one of another world, or one that cannot be. */
function edit(file: Json, d: Dice): Json {
  const known = spaces(clusterOf(file).topology)
  const s = d.one(known)
  const table = d.one(
    d.chance(0.9) ? Object.keys(s).filter((k) => Object.hasOwn(ALL, k)) : TABLES,
  ) as TableName
  const rows = ((s as unknown as Readonly<Record<string, readonly object[]>>)[table] ??
    []) as readonly Json[]
  const foreign = d.one(
    WORLD_ROWS.filter((x) => x.table === table)
      .map((x) => x.row as Json)
      .concat(rows)
      .concat([{}]),
  )
  const row = rows.length > 0 ? d.one(rows) : foreign
  const changed = (): Json => {
    const key = d.one(fieldsOf(table))
    return { [key]: d.chance(0.8) && foreign[key] !== undefined ? foreign[key] : anything(d) }
  }
  const where = d.chance(0.9) ? row : d.one([{}, changed(), { [d.one(SHELL)]: 1 }])
  const common = {
    in: d.chance(0.95) ? s.name : d.one([...SHELL, ...WORDS]),
    table: d.chance(0.97) ? table : d.one([...SHELL, 'zzz', 'constructor']),
  }
  switch (d.below(3)) {
    case 0:
      return { op: 'add', ...common, row: d.chance(0.8) ? foreign : { ...foreign, ...changed() } }
    case 1:
      return { op: 'del', ...common, where }
    default:
      return { op: 'set', ...common, where, to: d.chance(0.95) ? changed() : {} }
  }
}

/** Chains of a node that jump to each other as they like, and to themselves. */
function jumps(d: Dice): readonly Json[] {
  const table = d.one(['raw', 'mangle', 'nat', 'filter'])
  const names = Array.from({ length: 1 + d.below(d.one([4, 20])) }, (_, i) => `C${i}`)
  const hook = d.one(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'])
  const target = (): Json =>
    d.one<Json>([
      { type: 'ACCEPT' },
      { type: 'DNAT', to: '10.0.0.1' },
      { type: 'SNAT', to: '10.0.0.1' },
      { type: 'MASQUERADE' },
      { type: 'REJECT', with: 'tcp-reset' },
      { type: 'RETURN' },
    ])
  const forward = d.chance(0.5)
  return [
    ...names.map((chain) => ({
      op: 'add',
      in: 'node-1',
      table: 'chains',
      row: { table, chain, policy: null },
    })),
    {
      op: 'add',
      in: 'node-1',
      table: 'netfilter',
      row: { table, chain: hook, target: { type: 'JUMP', chain: 'C0' } },
    },
    ...names.flatMap((chain, i) =>
      Array.from({ length: d.below(3) }, () => ({
        op: 'add',
        in: 'node-1',
        table: 'netfilter',
        row: {
          table,
          chain,
          target: d.chance(0.5)
            ? {
                type: 'JUMP',
                chain: forward ? names[Math.min(i + 1, names.length - 1)]! : d.one(names),
              }
            : target(),
        },
      })),
    ),
  ]
}

const LAUGHS = `a: &a [1, 2]\n${Array.from('bcdefghijk', (x, i) => `${x}: &${x} [${Array.from({ length: 9 }, () => `*${'abcdefghij'[i]!}`).join(', ')}]`).join('\n')}\npacket-walk: 1`
/** Texts that are no file in their form. */
function formless(d: Dice, file: unknown): string {
  const n = d.one([10, 100, 1000, 20_000])
  const text = d.chance(0.5) ? JSON.stringify(file) : stringify(file)
  switch (d.below(12)) {
    case 0:
      return d.one([
        '',
        ' ',
        '\n',
        '#',
        '---',
        '...',
        'null',
        '5',
        '"x"',
        '[]',
        '{}',
        '\0',
        '\ufeff',
        '%',
        '!!',
        '&',
        '*a',
        '? ',
        '- ',
        ':',
        '{',
        '[',
      ])
    case 1:
      return d.one(['[', '{a: ', '- ', '? ', '!x ', '&a ', '>\n', '"']).repeat(n)
    case 2:
      return `{"packet-walk":1,"a":${'['.repeat(n)}${']'.repeat(n)}}`
    case 3:
      return LAUGHS
    case 4:
      return 'packet-walk: 1\nnetwork: vpc-cni\nnodes: &n [*n, *n]'
    case 5:
      return text.slice(0, d.below(text.length))
    case 6:
      return `${text}\n---\n${text}`
    case 7: {
      const at = d.below(text.length)
      return `${text.slice(0, at)}${d.one([...SHELL, '{', '}', '[', ']', ':', ',', '&a ', '*a', '!!binary '])}${text.slice(at)}`
    }
    case 8:
      return `{"packet-walk":1,"network":"flannel-vxlan","nodes":[{"name":"a","n\\u0061me":"b"}],"nodes":[{"name":"b"}]}`
    case 9:
      return `packet-walk: 1\nnetwork: flannel-vxlan\n${Array.from({ length: Math.min(n, 5000) }, (_, i) => `k${d.chance(0.5) ? i : 0}: 1`).join('\n')}`
    case 10:
      return `packet-walk: 1\n${Array.from({ length: Math.min(n, 300) }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}`
    default:
      return `packet-walk: 1\nnetwork: flannel-vxlan\npods: [${Array.from({ length: Math.min(n, 5000) }, () => '{}').join(', ')}]`
  }
}

/** A hostile cluster or topology file; the same for the same seed. */
export function hostileFile(seed: number): string {
  const d = dice(seed)
  const kind = d.below(10)
  if (kind === 0) return formless(d, cluster(d))
  if (kind < 3) {
    let file: unknown = JSON.parse(
      JSON.stringify(toFile(SCENARIOS[d.one(Object.keys(SCENARIOS))]!.topology)),
    )
    for (let n = 1 + d.below(3); n > 0; n -= 1) file = mutated(file, d)
    return JSON.stringify(file)
  }
  let file: unknown = cluster(d)
  if (kind >= 6) {
    const plain = {
      'packet-walk': 1,
      network: d.one(WORLD_IDS),
      nodes: [{ name: 'node-1' }, { name: 'node-2' }],
      pods: [
        { name: 'pod-1', node: 'node-1' },
        { name: 'pod-2', node: 'node-2' },
      ],
    }
    file = {
      ...plain,
      edits: kind === 9 ? jumps(d) : Array.from({ length: 1 + d.below(3) }, () => edit(plain, d)),
    }
  }
  for (let n = kind >= 6 ? Number(d.chance(0.15)) : d.below(4); n > 0; n -= 1)
    file = mutated(file, d)
  return d.chance(0.5)
    ? JSON.stringify(file)
    : stringify(file, { aliasDuplicateObjects: d.chance(0.5) })
}

/** For fast-check: any of them. */
export const HOSTILE: fc.Arbitrary<string> = fc.nat({ max: 0x7fffffff }).map(hostileFile)
