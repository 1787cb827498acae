import { describe, expect, it } from 'vitest'
import { walk } from '#lib/walk/walk.ts'
import { DROPS } from '#lib/trace/drops.ts'
import { HOOKS } from '#lib/topology/grammar.ts'
import { SYSCTLS } from '#lib/topology/sysctls.ts'
import { clusterOf } from '#lib/worlds/all.ts'
import { matchesOf, SET_BY_LAB } from './changes.ts'
import { fileOf, generated, NETWORKS } from './generate.ts'

/* A kernel that agrees with clusters says something of what is in them: over so many seeds every kind of row, match, target, sysctl and ending occurs. */

const SEEDS = 2000
/** What a rule may ask for, and do. */
const RULE = [
  'from',
  'to',
  'iif',
  'oif',
  'fwmark',
  'ipproto',
  'sport',
  'dport',
  'suppressPrefixlength',
  'action',
  'not',
] as const
const seen = new Map<string, number>()
const count = (what: string): void => {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
let [edits, refused] = [0, 0]
for (let seed = 1; seed <= SEEDS; seed += 1) {
  const g = generated(seed)
  edits += g.edits.length
  refused += g.refused
  count(`${g.edits.length} changes`)
  count(`network ${String(g.cluster['network'])}`)
  count(
    `size ${g.flow.size >= 10_000 ? 'large' : g.flow.size === 0 ? 'nothing' : 'other'} ${g.flow.proto}`,
  )
  const { topology } = clusterOf(fileOf(g))
  for (const e of g.edits) {
    count(`${e.op} ${e.table}`)
    if (e.table === 'sysctls')
      count(`sysctl ${(e.op === 'add' ? e.row.key : String(e.where['key'])).split('.').at(-1)!}`)
    if (e.op !== 'add') continue
    if (e.table === 'netfilter') {
      count(`hook ${e.row.table} ${e.row.chain}`)
      count(`target ${e.row.target.type}`)
      if ('op' in e.row.target) count(`target ${e.row.target.type} ${e.row.target.op}`)
      if (e.row.target.type === 'REJECT') count(`target REJECT ${e.row.target.with}`)
      for (const m of matchesOf(e.row)) count(`match ${m}`)
      for (const s of e.row.ctstate ?? []) count(`match ${s}`)
      for (const p of [e.row.sport, e.row.dport]) if (typeof p === 'string') count('match range')
    }
    if (e.table === 'routes')
      for (const k of ['via', 'onlink', 'mtu', 'src', 'metric', 'scope', 'proto'] as const)
        if (e.row[k] !== undefined) count(`route ${k}`)
    if (e.table === 'routes')
      count(`route ${e.row.type ?? 'unicast'}${e.row.table === 'main' ? '' : ' of another table'}`)
    if (e.table === 'rules') for (const k of RULE) if (e.row[k] !== undefined) count(`rule ${k}`)
  }
  const w = walk(topology, g.flow)
  count(w.delivered ? 'delivered' : 'lost')
  for (const s of w.steps) if (s.drop !== null) count(`reason ${s.drop.reason}`)
}
if (process.env['COVERAGE'] !== undefined)
  process.stdout.write(
    `${[...seen]
      .map(([k, v]) => `${k}=${v}`)
      .toSorted()
      .join('; ')}\n${edits} ${refused}\n`,
  )
/** Endings that no seed is asked for, and why. */
const NOT: Readonly<Record<string, string>> = {
  'network-acl': 'no kernel has one',
  'vpc-no-route': 'no kernel has AWS’s tables, which are not changed',
  'step-budget': 'a storm, which a lab would not end either',
  'rule-budget': 'chains that nobody compares to their end',
  'too-nested': 'a fault row has it',
  'nat-no-port': 'a fault row has it',
  'vlan-unknown': 'fault rows have it',
  'no-tunnel': 'a tunnel row has it',
  'ipvs-no-server': 'a fault row has it',
  dummy: 'a tunnel row has it',
  'loopback-source': 'a sender’s choice',
  'martian-source': 'rare',
  'own-socket': 'needs rules before the local table: a world and a case of sysctls.test.ts have it',
  'foreign-source': 'rare: a case of cases.test.ts has it',
  'bad-packet': 'rare',
  'martian-destination': 'rare',
}
const none = (what: readonly string[]): string[] => what.filter((x) => !seen.has(x))

describe(`${SEEDS} seeds`, () => {
  it('change two to six things at once, most often', () => {
    expect(
      none([
        ...[0, 1, 2, 3, 4, 5, 6].map((n) => `${n} changes`),
        ...NETWORKS.map((n) => `network ${n}`),
        ...['icmp', 'tcp', 'udp'].flatMap((p) => [`size large ${p}`, `size other ${p}`]),
      ]),
    ).toEqual([])
    expect(
      [2, 3, 4, 5, 6, 7, 8].reduce((n, k) => n + (seen.get(`${k} changes`) ?? 0), 0),
    ).toBeGreaterThan(SEEDS / 2)
    // What no file may have says nothing about a kernel.
    expect(refused).toBeLessThan(edits / 5)
  })
  it('have every kind of row', () => {
    expect(
      none([
        ...['routes', 'neigh', 'fdb', 'daemons', 'leases', 'sockets', 'rules', 'netfilter'].map(
          (t) => `del ${t}`,
        ),
        ...['routes', 'rules', 'neigh', 'netfilter', 'chains', 'sysctls'].map((t) => `add ${t}`),
        ...['devs', 'neigh', 'fdb', 'sysctls', 'chains'].map((t) => `set ${t}`),
      ]),
    ).toEqual([])
    expect(
      none([
        ...[
          'via',
          'onlink',
          'mtu',
          'src',
          'metric',
          'scope',
          'unicast',
          'blackhole',
          'unreachable',
          'prohibit',
          'throw',
          'proto',
          'unicast of another table',
        ].map((x) => `route ${x}`),
        ...RULE.map((x) => `rule ${x}`),
      ]),
    ).toEqual([])
  })
  it('have every sysctl that a lab does not set itself', () => {
    const names = SYSCTLS.flatMap((s) =>
      s
        .slice(s.lastIndexOf('.') + 1)
        .replaceAll(/[{}]/g, '')
        .split(','),
    )
    expect(none(names.filter((x) => !SET_BY_LAB.includes(x)).map((x) => `sysctl ${x}`))).toEqual([])
  })
  it('have rules in every table and hook, with every match and target', () => {
    expect(
      none(
        Object.entries(HOOKS).flatMap(([table, hooks]) => hooks.map((h) => `hook ${table} ${h}`)),
      ),
    ).toEqual([])
    expect(
      none(
        [
          'ACCEPT',
          'DROP',
          'RETURN',
          'JUMP',
          'MASQUERADE',
          'REDIRECT',
          'NETMAP',
          'NOTRACK',
          'CT',
          'TCPMSS',
          'LOG',
          'NFLOG',
          'GOTO',
          'SNAT',
          'DNAT',
          'MARK',
          'CONNMARK',
          'REJECT',
          'MARK set',
          'MARK or',
          'MARK xor',
          'MARK and',
          'CONNMARK set',
          'CONNMARK save',
          'CONNMARK restore',
          'REJECT icmp-port-unreachable',
          'REJECT icmp-host-unreachable',
          'REJECT icmp-admin-prohibited',
          'REJECT tcp-reset',
        ].map((x) => `target ${x}`),
      ),
    ).toEqual([])
    expect(
      none(
        [
          'src',
          'dst',
          'proto',
          'iif',
          'oif',
          'tcp',
          'udp',
          'mark',
          'conntrack',
          'comment',
          'addrtype',
          'limit-iface-in',
          'statistic',
          'sports',
          'dports',
          'ports',
          'range',
          'tcpFlags',
          'srcRange',
          'dstRange',
          'connmark',
          'limit-iface-out',
          'icmpType',
          'UNTRACKED',
          'DNAT',
          'SNAT',
          'not',
        ].map((x) => `match ${x}`),
      ),
    ).toEqual([])
  })
  it('end in every way there is but those that one flow in such a cluster does not', () => {
    const all = Object.keys(DROPS).filter((r) => !Object.hasOwn(NOT, r))
    expect(none(all.map((r) => `reason ${r}`))).toEqual([])
    expect(Object.keys(NOT).filter((r) => !Object.hasOwn(DROPS, r))).toEqual([])
    expect(
      // What is rare may come with one more kind of change, and go with the next.
      Object.keys(NOT).filter((r) => seen.has(`reason ${r}`) && !NOT[r]!.startsWith('rare')),
      'excused, and yet they occur',
    ).toEqual([])
  })
})
