/** Links, whole and damaged, each from a seed, so that a failure repeats. */
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { START, type Recipe } from '#components/sandbox/recipe.ts'
import { build } from '#components/sandbox/build.ts'
import { toLink } from '#components/sandbox/link.ts'
import { LINUX_TABLES, space, VPC_TABLES, type Edit } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

// What a page fetches when it is asked for is here at once.
for (const world of Object.values(SCENARIOS)) WORLDS_HERE.keep(world)

export interface Dice {
  readonly below: (n: number) => number
  readonly one: <T>(xs: readonly T[]) => T
  readonly chance: (p: number) => boolean
}

/** Marsaglia's xorshift32: the same throws for the same seed. */
export function dice(seed: number): Dice {
  let x = Math.imul(seed + 1, 0x9e3779b1) | 1
  const next = (): number => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return x >>> 0
  }
  for (let i = 0; i < 8; i += 1) next()
  const below = (n: number): number => next() % n
  return { below, one: (xs) => xs[below(xs.length)]!, chance: (p) => next() / 2 ** 32 < p }
}

const NETWORKS = Object.keys(SCENARIOS)

/** A box that the controls make: every edit names a row of its network. Some do not fit behind the others. */
export function anyBox(d: Dice): Recipe {
  const base: Recipe = {
    ...START,
    network: d.one(NETWORKS),
    nodes: 1 + d.below(3),
    pods: 1 + d.below(3),
    mtu: d.one([576, 1400, 1500, 9001]),
  }
  const pods = [`pod-${base.nodes}-1`, `pod-1-${base.pods}`, 'node-1', 'internet']
  const b = { ...base, from: d.one(pods), to: d.one(pods) }
  const { topology } = build(b).scenario
  const edits = Array.from({ length: d.below(5) }, (): Edit | null => {
    const name = d.one(topology.source.names)
    const there = space(topology, name)!
    const table = d.one(there.kind === 'vpc' ? VPC_TABLES : LINUX_TABLES)
    const rows = (there as unknown as Readonly<Record<string, readonly object[]>>)[table]!
    if (rows.length === 0) return null
    const row = d.one(rows)
    if (d.chance(0.2))
      return {
        op: 'add',
        in: name,
        table,
        row:
          d.chance(0.3) && table === 'netfilter'
            ? { ...row, comment: d.one(['a: b', '# no', "it's", 'null', '- x', 'ü ☃']) }
            : row,
      } as Edit
    const changes: Readonly<Record<string, readonly object[]>> = {
      devs: [{ up: false }, { mtu: 1280 }, { addrs: [] }],
      routes: [{ metric: 5 }, { via: '192.168.0.1' }],
      sgRules: [{ peer: '10.0.0.0/8' }],
      sysctls: [{ value: 0 }, { value: 1 }],
      sockets: [{ port: 9 }],
    }
    const to = changes[table]
    return (
      to !== undefined && d.chance(0.5)
        ? { op: 'set', in: name, table, where: row, to: d.one(to) }
        : { op: 'del', in: name, table, where: row }
    ) as Edit
  }).filter((e) => e !== null)
  return { ...b, edits }
}

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  5,
  [],
  {},
  [[]],
  { a: { b: [1] } },
  'eth0',
  '10.1.2.0/33',
  '\u0000',
  '\ud800',
  '\u202eabc',
  ['x'],
  99999,
  'x'.repeat(5000),
]
const POISON = ['__proto__', 'constructor', 'toString', 'prototype', 'hasOwnProperty']
const proto = (value: unknown): unknown =>
  JSON.parse(`{"__proto__":${JSON.stringify(value)},"constructor":{"prototype":{"x":1}}}`)

/** Values that go as rows or fields of tables they do not fit. */
function wrongEdit(d: Dice): unknown {
  const row = (): unknown =>
    d.one<unknown>([
      {},
      { mtu: 10 },
      { addrs: 5 },
      { kind: 'nope' },
      { table: 'zzz' },
      { dst: d.one(ODD) },
      { name: 'eth0' },
      proto({ name: 'eth0' }),
      [],
      5,
      null,
    ])
  return {
    op: d.one<unknown>(['add', 'del', 'set', 'set', 'del', 'put', 5]),
    in: d.one<unknown>(['node-1', 'pod-1-1', 'vpc', 'internet', 'nowhere', '__proto__', 7]),
    table: d.one<unknown>([...LINUX_TABLES, ...VPC_TABLES, 'zzz', '__proto__', null]),
    ...(d.chance(0.8) ? { where: row() } : {}),
    ...(d.chance(0.6) ? { to: row() } : {}),
    ...(d.chance(0.3) ? { row: row() } : {}),
  }
}

/** The value with one of its leaves, or of its keys, another. */
function swapped(d: Dice, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && d.chance(0.9)) {
    const at = d.below(value.length)
    return value.with(at, swapped(d, value[at]))
  }
  if (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    d.chance(0.85)
  ) {
    const [at, poison] = [d.one(Object.keys(value)), d.chance(0.15) ? d.one(POISON) : null]
    return JSON.parse(
      `{${Object.entries(value)
        .map(
          ([k, x]) =>
            `${JSON.stringify(k === at && poison !== null ? poison : k)}:${JSON.stringify(k === at ? swapped(d, x) : x)}`,
        )
        .join()}}`,
    )
  }
  return d.one(ODD)
}

const GARBAGE = [
  '%',
  '%E0%A4%A',
  '%zz',
  '%00',
  '%22',
  '%5D',
  '&',
  '=',
  ';',
  '#',
  '+',
  '%5B'.repeat(40),
  '%F0%9F%98',
]
const without = (s: string, at: number, n: number): string => s.slice(0, at) + s.slice(at + n)

function textDamage(d: Dice, s: string): string {
  const at = d.below(s.length)
  switch (d.below(5)) {
    case 0:
      return s.slice(0, at)
    case 1:
      return s.slice(0, at) + String.fromCharCode(33 + d.below(94)) + s.slice(at + 1)
    case 2:
      return s.slice(0, at) + d.one(GARBAGE) + s.slice(at)
    case 3:
      return without(s, at, 1 + d.below(12))
    default: {
      const to = d.below(s.length)
      return s.slice(0, at) + s.slice(to)
    }
  }
}

/** A sandbox's link with one to three things wrong. */
export function damagedSandbox(seed: number): string {
  const d = dice(seed)
  const b = anyBox(d)
  const fields: unknown[] = [1, b.network, b.nodes, b.pods, b.mtu, b.from, b.to, b.edits]
  const hash = (x: unknown): string => `#sandbox=${encodeURIComponent(JSON.stringify(x))}`
  switch (d.below(8)) {
    case 0:
    case 1: {
      let s = toLink('#walk=1;flannel-vxlan;tcp;;pod-1-1/eth0%20xmit', b)
      for (let i = 1 + d.below(3); i > 0 && s !== ''; i -= 1) s = textDamage(d, s)
      return s
    }
    case 2: {
      const text = textDamage(d, JSON.stringify(fields))
      try {
        return `#sandbox=${encodeURIComponent(text)}`
      } catch {
        return `#sandbox=${text}`
      }
    }
    case 3:
      return hash(swapped(d, fields))
    case 4:
      return hash(
        fields.with(7, [...b.edits, ...Array.from({ length: 1 + d.below(4) }, () => wrongEdit(d))]),
      )
    case 5:
      return hash(
        fields.with(
          7,
          Array.from({ length: 101 + d.below(60) }, () =>
            d.one<unknown>([wrongEdit(d), ...b.edits]),
          ),
        ),
      )
    case 6:
      if (d.chance(0.5))
        return hash([
          2,
          b.network,
          [...b.edits, wrongEdit(d), wrongEdit(d)],
          ...(d.chance(0.2) ? [1] : []),
        ])
      return hash(d.chance(0.5) ? fields.slice(0, d.below(8)) : [...fields, d.one(ODD)])
    default:
      return hash(fields.with(1 + d.below(7), d.chance(0.2) ? proto(1) : d.one(ODD)))
  }
}

/** A figure's link with one to three things wrong. */
export function damagedFigure(seed: number): string {
  const d = dice(seed)
  const s = SCENARIOS[d.one(NETWORKS)]!
  const whatIfs = Object.keys(s.whatIfs).filter(() => d.chance(0.1))
  const view = d.chance(0.5)
    ? ''
    : `&f.view=1;${d.one(['story', 'network', 'kernel', 'x'])};${d.one(['', ...NETWORKS, 'weave'])}${d.one(['', ';3', ';x'])}`
  let hash = `#f=1;${s.id};${d.one(Object.keys(s.flows))};${whatIfs.join()};node-1/${d.one(['eth0 xmit', 'docker0%20nat', 'flannel.1+xmit', ''])}${view}`
  for (let i = d.below(4); i > 0 && hash !== ''; i -= 1)
    hash = d.chance(0.3)
      ? hash.replace(/[^;=&]+(?=[;&]|$)/, d.one([...POISON, ...GARBAGE]))
      : textDamage(d, hash)
  return hash
}
