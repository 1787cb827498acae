import { describe, expect, it } from 'vitest'
import {
  isChain,
  isComment,
  isDevice,
  isDevicePattern,
  isEniId,
  isId,
  isProgram,
  isRouteTable,
  isSpace,
} from '#lib/topology/grammar.ts'
import { fromFile, toFile } from '#lib/topology/file.ts'
import { fieldProblems, rowProblems } from '#lib/topology/fields.ts'
import { TABLES } from '#lib/topology/rows.ts'
import { isSysctl } from '#lib/topology/sysctls.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { applyAll } from '#lib/topology/apply.ts'

/** What no name may be, whatever it names. */
const HOSTILE = [
  '',
  '.',
  '..',
  '-x',
  '!x',
  'a b',
  'a/b',
  '../x',
  'a;b',
  'a\nb',
  'a\0',
  '$(id)',
  '`id`',
  "a'b",
  'a"b',
  'a|b',
  'a&b',
  'a>b',
  'é',
  '\u202ea',
  'x'.repeat(300),
  ' a',
  'a ',
]
const GRAMMARS: Readonly<
  Record<string, readonly [(x: string) => boolean, readonly string[], readonly string[]]>
> = {
  device: [
    isDevice,
    ['eth0', 'flannel.1', 'eni0123456789a', 'a', '_x', '123456789012345'],
    ['1234567890123456', 'a:b', 'all', 'default', 'eth+'],
  ],
  pattern: [isDevicePattern, ['eth0', 'eni+', '12345678901234+'], ['+', '123456789012345+', 'a+b']],
  chain: [isChain, ['KUBE-SVC-ABCDEFGHIJKLMNOP', 'A', 'x'.repeat(28)], ['x'.repeat(29), 'a:b']],
  'id of an ENI': [isEniId, ['eni-0f3a', 'eni-node-1-eth0'], ['igw-main', 'eni-', 'local']],
  space: [isSpace, ['node-1', 'c1', 'a.b', 'x'.repeat(63)], ['x'.repeat(64)]],
  program: [isProgram, ['flanneld', 'web-app-frontend-1'], ['x'.repeat(64)]],
  'route table': [
    isRouteTable,
    ['main', 'local', 'default', '1', '2', '252', '256', '4294967295'],
    ['0', '253', '254', '255', '4294967296', '010', '0x10', '-1', 'foo'],
  ],
  id: [
    isId,
    ['eni-node-1-eth0', 'igw-main', 'subnet-a', 'rtb-0f3a', `eni-${'n'.repeat(63)}-eth0`],
    ['eni', 'ENI-1', '-x', 'eni-'],
  ],
  sysctl: [
    isSysctl,
    [
      'net.ipv4.ip_forward',
      'net.ipv4.conf.all.rp_filter',
      'net.ipv4.conf.cni0.forwarding',
      'net.ipv4.neigh.veth0.proxy_delay',
      'net.ipv4.conf.flannel.1.rp_filter',
      'net.ipv4.conf.default.accept_local',
      'net.ipv4.neigh.eth0.retrans_time_ms',
      'net.bridge.bridge-nf-call-iptables',
    ],
    [
      'net.ipv4.conf.DEV.rp_filter2',
      'net.ipv4.conf.../../../../../tmp/owned',
      'net.ipv4.conf...rp_filter',
      'net.ipv4.conf.a/b.rp_filter',
      'net.ipv4.neigh.all.retrans_time_ms',
      'net.ipv4.conf.rp_filter',
      'net.ipv4.not_a_key',
      'net/ipv4/ip_forward',
      'net.ipv4.conf.all.accept_redirects',
    ],
  ],
}

describe('names that reach a command or a path', () => {
  it.each(Object.entries(GRAMMARS))('%s', (_, [test, right, wrong]) => {
    for (const x of right) expect(test(x), x).toBe(true)
    for (const x of [...wrong, ...HOSTILE]) expect(test(x), JSON.stringify(x)).toBe(false)
  })
  it('a comment is any line of 255 bytes', () => {
    for (const x of [
      'a',
      'dnat name: "cbr0" id: "web"',
      'default/backend -> 10.1.15.3:8080',
      'é'.repeat(127),
      '$(id)',
    ])
      expect(isComment(x), x).toBe(true)
    for (const x of ['', 'a\nb', 'a\0', '\u202ea', 'x'.repeat(256), 'é'.repeat(128)])
      expect(isComment(x), x).toBe(false)
  })
  it('a chain is not called as a target', () => {
    expect(
      rowProblems('chains', { table: 'filter', chain: 'MARK', policy: null }, '').map(
        (p) => `${p.path}: ${p.message}`,
      ),
    ).toEqual([
      'chain: MARK is a target: iptables says “chain name may not clash with target name”; give the chain another name',
    ])
  })
})

/** Each place of a row where a text stands, with a text that no command may see put there. */
function textPlaces(
  row: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof row === 'string') return [path]
  if (typeof row !== 'object' || row === null) return []
  return Object.entries(row).flatMap(([k, x]) =>
    textPlaces(x, [...path, Array.isArray(row) ? Number(k) : k]),
  )
}
function replaced(row: unknown, path: readonly (string | number)[], by: string): unknown {
  const [step, ...rest] = path
  if (step === undefined) return by
  if (Array.isArray(row)) return row.with(Number(step), replaced(row[Number(step)], rest, by))
  return { ...(row as object), [step]: replaced((row as Record<string, unknown>)[step], rest, by) }
}

describe('every text of every row of every world', () => {
  it.each(Object.keys(SCENARIOS))('%s: refuses what steers a shell, but in a comment', (id) => {
    for (const s of toFile(SCENARIOS[id]!.topology).spaces) {
      for (const [table, rows] of Object.entries(s).filter(([t]) => Object.hasOwn(TABLES, t)) as [
        keyof typeof TABLES,
        object[],
      ][]) {
        for (const row of rows) {
          expect(rowProblems(table, row, 'x'), JSON.stringify(row)).toEqual([])
          for (const path of textPlaces(row).filter((p) => p[0] !== 'comment')) {
            for (const x of ['$(id)', '../x', '-x', 'a\nb', ' '])
              expect(
                rowProblems(table, replaced(row, path, x), 'x').length,
                `${table} ${path.join('.')} ${JSON.stringify(x)}`,
              ).toBeGreaterThan(0)
          }
        }
      }
    }
  })
  it.each(
    Object.entries(SCENARIOS).flatMap(([id, s]) =>
      Object.keys(s.whatIfs).map((w) => [id, w] as const),
    ),
  )('%s with %s is a file, and its edits name fields there are', (id, name) => {
    const s = SCENARIOS[id]!
    const { edits } = s.whatIfs[name]!
    const read = fromFile(JSON.parse(JSON.stringify(toFile(applyAll(s.topology, edits)))))
    expect('problems' in read ? read.problems : []).toEqual([])
    for (const e of edits)
      expect(e.op === 'add' ? [] : fieldProblems(e.table, e.where, 'where')).toEqual([])
  })
})
