import { describe, expect, it } from 'vitest'
import type { Address } from '#lib/wire/addr.ts'
import { apply, applyAll } from '#lib/topology/apply.ts'
import { validate } from '#lib/topology/validate.ts'
import { netns, type Netns } from '#lib/topology/topology.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { editsTo, hosts, type Team } from '#lib/worlds/docker-ports/hosts.ts'

const { topology, flows, whatIfs } = SCENARIOS['docker-ports']!
const ended = (flow: string, whatIf?: string) =>
  walk(applyAll(topology, whatIf === undefined ? [] : whatIfs[whatIf]!.edits), flows[flow]!)
/** Whose program was asked, and by which address. */
const asked = (flow: string, whatIf?: string): readonly string[] => {
  const w = ended(flow, whatIf)
  const step = w.steps.findLast((s) => s.stage === 'socket' && s.in.startsWith('team-'))
  const syn = w.frames.find((f) => f.in === step?.in && f.dir === 'in')
  const ip = syn?.packet.headers.find((h) => h.kind === 'ipv4')
  return [step?.in ?? '', ip?.src ?? '']
}

describe('docker-ports', () => {
  it.each([
    ['internet-to-a', 'team-a'],
    ['internet-to-b', 'team-b'],
    ['internet-to-c', 'team-c'],
  ])('%s: the number says whose it is, and the caller is seen as itself', (flow, team) => {
    expect(ended(flow).delivered).toBe(true)
    const at = ended(flow).frames.find(
      (f) => f.in === team && f.packet.headers.some((h) => h.kind === 'tcp'),
    )
    expect(at?.packet.headers.find((h) => h.kind === 'ipv4')?.src).toBe('203.0.113.10')
  })
  it('answers itself where it means its namesake on the other host', () => {
    expect(ended('c-means-a').delivered).toBe(true)
    expect(new Set(ended('c-means-a').steps.map((s) => s.in))).toEqual(new Set(['team-c']))
  })
  it('lets the first of two rules win, which nobody refuses', () => {
    expect(asked('internet-to-a', 'rule-for-b')).toEqual(asked('internet-to-a'))
  })
  it('refuses a second socket on one port as bind() does', () => {
    const bind = (addr?: Address) =>
      apply(topology, {
        op: 'add',
        in: 'node-1',
        table: 'sockets',
        row: {
          proto: 'tcp',
          port: 8080,
          program: 'docker-proxy',
          ...(addr === undefined ? {} : { addr }),
        },
      })
    const said = 'Address already in use: tcp 0.0.0.0:8080 is docker-proxy’s; choose another port'
    expect(() => bind()).toThrow(said)
    expect(() => bind('192.168.0.100')).toThrow(said)
    const at = { proto: 'tcp', port: 9000, program: 'x' } as const
    const two = ['192.168.0.100', '127.0.0.1'].reduce(
      (t, addr) =>
        apply(t, { op: 'add', in: 'node-1', table: 'sockets', row: { ...at, addr } as never }),
      topology,
    )
    expect(netns(two, 'node-1')!.sockets.filter((s) => s.port === 9000)).toHaveLength(2)
  })
})

describe('what dockerd changes', () => {
  const ALL: readonly Team[] = ['team-a', 'team-b', 'team-c', 'team-b-2']
  const chainOf = (r: Netns['netfilter'][number]): string => `${r.table} ${r.chain}`
  const rows = (n: Netns) => ({
    // Chain by chain, in the order of each.
    netfilter: n.netfilter.toSorted((a, b) => chainOf(a).localeCompare(chainOf(b))),
    devs: n.devs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    routes: n.routes.map((r) => JSON.stringify(r)).toSorted(),
    sockets: n.sockets.map((s) => JSON.stringify(s)).toSorted(),
  })
  it.each([
    [['team-a', 'team-c']],
    [['team-a', 'team-c', 'team-b-2']],
    [ALL],
    [[]],
  ] as readonly (readonly [readonly Team[]])[])('makes of the first three %j', (after) => {
    const there = applyAll(topology, editsTo(['team-a', 'team-b', 'team-c'], after))
    expect(validate(there).filter((p) => !p.odd)).toEqual([])
    const made = hosts(after)
    for (const name of topology.source.names)
      expect(rows(netns(there, name)!), name).toEqual(rows(netns(made, name)!))
  })
})
