import { describe, expect, it } from 'vitest'
import { walk } from '#lib/walk/walk.ts'
import { netns } from '#lib/topology/topology.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { agreed, type Case } from './small.ts'

/* sessionAffinity: ClientIP, and a Service without endpoints, with and without a default route. facts/worlds.md, 7.3. */

const file = (edits: readonly string[] = []): string =>
  '{ packet-walk: 1, network: lan, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: c, node: n1 }, { name: d, node: n1 }, { name: e1, node: n1 }, { name: e2, node: n2 }], hosts: [{ name: ext, ip: 203.0.113.10 }], ' +
  'services: [{ name: aff, ip: 10.96.0.21, port: 80, targetPort: 8080, sessionAffinity: ClientIP, pods: [e1, e2] }, { name: none, ip: 10.96.0.22, port: 80, nodePort: 30092 }, { name: far, ip: 10.96.0.20, port: 80, targetPort: 8080, pods: [e2] }], ' +
  `edits: [${edits.join(', ')}] }`
const ROUTED =
  '{ op: add, in: gateway, table: routes, row: { table: main, dst: 10.96.0.0/12, via: 192.168.0.10, dev: eth0 } }'
const NO_DEFAULT = '{ op: del, in: n1, table: routes, where: { dst: 0.0.0.0/0 } }'
const BACK =
  '{ op: add, in: n1, table: routes, row: { table: main, dst: 203.0.113.0/24, via: 192.168.0.1, dev: eth0 } }'
const [WITH, WITHOUT] = [[ROUTED], [ROUTED, NO_DEFAULT, BACK]] as const

const asked = (
  what: string,
  ask: Case['ask'],
  { edits = WITH, ends = 'delivered' }: { edits?: readonly string[]; ends?: string } = {},
): Case => ({ what, file: file(edits), ask, ends })
const NONE = '10.96.0.22:80'
const refused = { ends: 'netfilter-reject in n1, ICMP 3/3' } as const

/** The chain of the endpoint on n2, and the row that the first connection writes. */
const { topology } = parseCluster(file())
const to = (from: string, draw: number) =>
  resolveFlow(topology, { from, to: '10.96.0.21:80', draw })
const turn = (draw: number) => walk(topology, to('c', draw))
const seen = (w: ReturnType<typeof turn>) => netns(w.after, 'n1')!.recent
const answered = (w: ReturnType<typeof turn>) =>
  w.frames.findLast((f) => f.in.startsWith('e') && f.dir === 'in')?.in
const FAR = [0, 1, 2, 3, 4, 5, 6, 7].find((draw) => answered(turn(draw)) === 'e2')!
const NEAR = [0, 1, 2, 3, 4, 5, 6, 7].find((draw) => answered(turn(draw)) === 'e1')!

describe('session affinity', () => {
  const first = turn(FAR)
  it('the first connection is drawn, and written down by its source', () => {
    expect(seen(turn(NEAR))[0]!.list).not.toBe(seen(first)[0]!.list)
    expect(seen(first).map((x) => x.ip)).toEqual(['10.1.1.2'])
    expect(seen(first)[0]!.list).toMatch(/^KUBE-SEP-/)
  })
  it('the next ones get the same endpoint, whatever would be drawn', () => {
    const again = walk(first.after, to('c', NEAR))
    expect(answered(again)).toBe('e2')
    expect(seen(again)).toEqual(seen(first))
  })
  it('another client is drawn for itself', () => {
    const other = [0, 1, 2, 3, 4, 5, 6, 7].map((draw) => answered(walk(first.after, to('d', draw))))
    expect(new Set(other)).toEqual(new Set(['e1', 'e2']))
  })
  it('three hours later it is drawn again', () => {
    const rows = seen(first)
    const later = (ago: number) =>
      walk(
        {
          ...first.after,
          edited: new Map([
            ...first.after.edited,
            [
              'n1',
              {
                ...netns(first.after, 'n1')!,
                recent: rows.map((r) => ({ ...r, ago })),
                conntrack: [],
              },
            ],
          ]),
        },
        to('c', NEAR),
      )
    expect(answered(later(10_800))).toBe('e2')
    expect(answered(later(10_801))).toBe('e1')
  })
  it('a list has room for a hundred, and who came first goes', () => {
    const { list } = seen(first)[0]!
    const recent = Array.from({ length: 100 }, (_, i) => ({ list, ip: `10.9.0.${i}` as const }))
    const t = { ...topology, edited: new Map([['n1', { ...netns(topology, 'n1')!, recent }]]) }
    const after = seen(walk(t, to('c', FAR)))
    expect(after.length).toBe(100)
    expect([after[0]!.ip, after.at(-1)!.ip]).toEqual(['10.9.0.1', '10.1.1.2'])
  })
})

const put = `{ op: add, in: n1, table: recent, row: { list: ${seen(turn(FAR))[0]!.list}, ip: 10.1.1.2 } }`
agreed([
  asked('a client that comes first', { from: 'c', to: '10.96.0.21:80', draw: NEAR }),
  asked('one that was here', { from: 'c', to: '10.96.0.21:80', draw: NEAR }, { edits: [put] }),
  asked('nobody behind it, for a pod', { from: 'c', to: NONE }, refused),
  asked('nobody behind it, for the node', { from: 'n1', to: NONE }, refused),
  asked('nobody behind it, from outside', { from: 'ext', to: NONE }, refused),
  asked('nobody behind the node port', { from: 'ext', to: '192.168.0.10:30092' }, refused),
  asked(
    'no default route: a pod is told no network',
    { from: 'c', to: NONE },
    { edits: WITHOUT, ends: 'no-route in n1, ICMP 3/0' },
  ),
  asked(
    'no default route: the node finds none itself',
    { from: 'n1', to: NONE },
    { edits: WITHOUT, ends: 'no-route in n1' },
  ),
  asked(
    'no default route: from outside',
    { from: 'ext', to: NONE },
    { edits: WITHOUT, ends: 'no-route in n1, ICMP 3/0' },
  ),
  asked(
    'no default route: the node port',
    { from: 'ext', to: '192.168.0.10:30092' },
    { edits: WITHOUT, ...refused },
  ),
  asked(
    'no default route: the node and a Service with endpoints',
    { from: 'n1', to: '10.96.0.20:80' },
    { edits: WITHOUT, ends: 'no-route in n1' },
  ),
  asked(
    'no default route: a pod and a Service with endpoints',
    { from: 'c', to: '10.96.0.20:80' },
    { edits: WITHOUT },
  ),
  asked(
    'udp has no rule',
    { from: 'c', to: '10.96.0.22:80', proto: 'udp' },
    { edits: WITHOUT, ends: 'no-route in n1, ICMP 3/0' },
  ),
])
