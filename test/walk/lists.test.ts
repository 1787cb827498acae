import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  applyAll,
  held,
  netns,
  promises,
  resolveFlow,
  walk,
  type Edit,
  type Flow,
  type NfRule,
  type Topology,
  type Walk,
} from '#lib/index.ts'
import { SCENARIOS, clusterOf, parseCluster } from '#lib/worlds/all.ts'
import { FAULTS } from '../verify/fault-rows.ts'
import { fileOf, generated } from '../verify/generate.ts'
import { networkOf, TUNNEL_CASES } from '../verify/tunnel-rows.ts'

/* contract.md's closed lists beside what walks say: no word that is not there, none there that no walk says. */

const page = readFileSync(fileURLToPath(new URL('../../contract.md', import.meta.url)), 'utf8')
const rows = page.slice(page.indexOf('These lists are closed')).split('\n').slice(4)
const listed = rows
  .slice(
    0,
    rows.findIndex((l) => !l.startsWith('|')),
  )
  .map((l) => {
    const [, what = '', words = ''] = l.split('|')
    return [
      what.trim().replaceAll('`', ''),
      [...words.matchAll(/`([^`]+)`/g)].map((m) => m[1]!),
    ] as const
  })

const said = new Map<string, Set<string>>()
const say = (what: string, word: unknown): void => {
  if (word === null || word === undefined) return
  const of = said.get(what) ?? new Set()
  said.set(what, of)
  of.add(typeof word === 'string' ? word : JSON.stringify(word))
}
const FIELDS: readonly (readonly [kind: string, field: string, what: string])[] = [
  ['app', 'did', 'did of app'],
  ['fragments', 'did', 'did of fragments'],
  ['icmp', 'did', 'did of icmp'],
  ['device', 'did', 'did of device'],
  ['ipvs', 'did', 'did of ipvs'],
  ['hook', 'verdict', 'verdict of hook'],
  ['conntrack', 'state', 'state of conntrack'],
  ['arp', 'op', 'op of arp'],
  ['arp', 'by', 'by of arp'],
  ['security-group', 'direction', 'direction of security-group and network-acl'],
  ['network-acl', 'direction', 'direction of security-group and network-acl'],
]

function listen(w: Walk): void {
  for (const s of w.steps) {
    const side = w.before.source.derive(s.in)?.kind === 'vpc' ? 'AWS' : 'Linux'
    say(`stage, ${side}`, s.stage)
    say('kind', s.decision.kind)
    for (const [kind, field, what] of FIELDS)
      if (s.decision.kind === kind)
        say(what, (s.decision as unknown as Readonly<Record<string, unknown>>)[field])
    if (s.drop !== null) say('reason of drop', s.drop.reason)
  }
  for (const f of w.frames) say('to of frames', f.to)
  for (const h of held(w).values()) say('for of held', h.for)
  for (const b of promises(w)) say('promise of promises', b.promise)
}

const rule = (row: NfRule): Edit => ({ op: 'add', in: 'node-1', table: 'netfilter', row })
const chain = (name: string): Edit => ({
  op: 'add',
  in: 'node-1',
  table: 'chains',
  row: { table: 'filter', chain: name, policy: null },
})
const flannel = SCENARIOS['flannel-vxlan']!.topology
const docker = SCENARIOS['docker-bridge']!.topology
const asked = (
  t: Topology,
  from: string,
  to: string,
  more: Partial<Parameters<typeof resolveFlow>[1]> = {},
): Walk => walk(t, resolveFlow(t, { from, to, ...more }))
const file = (
  text: string,
  from: string,
  to: string,
  more: Partial<Parameters<typeof resolveFlow>[1]> = {},
): Walk => asked(parseCluster(text).topology, from, to, more)
const one = (network: string, edits: string, more = ''): string =>
  `{ packet-walk: 1, network: ${network}, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }, { name: b, node: n1 }]${more}, edits: [${edits}] }`

/** A walk of the tunnels' cases that ends so. */
function tunnelCase(reason: string): Walk {
  const c = TUNNEL_CASES.find((x) => x.ends.startsWith(reason))!
  return walk(networkOf(c), c.flow)
}

/** What neither the worlds nor their faults say. */
const RARE: readonly (readonly [what: string, w: () => Walk])[] = [
  [
    'nat-no-port',
    () => {
      const conntrack = Array.from(
        { length: 65_536 },
        (_, port) =>
          ({
            proto: 'udp',
            original: { src: '10.9.9.9', dst: '203.0.113.10', sport: port, dport: 443 },
            reply: { src: '203.0.113.10', dst: '192.168.0.100', sport: 443, dport: port },
            mark: 0,
            replied: true,
          }) as const,
      )
      return asked(
        {
          source: flannel.source,
          edited: new Map([['node-1', { ...netns(flannel, 'node-1')!, conntrack }]]),
        },
        'web-app-frontend-1',
        '203.0.113.10:443',
        { proto: 'udp' },
      )
    },
  ],
  [
    'request and answer of ipvs',
    () =>
      asked(
        applyAll(flannel, [
          {
            op: 'add',
            in: 'node-1',
            table: 'sysctls',
            row: { key: 'net.ipv4.vs.conntrack', value: 1 },
          },
          {
            op: 'add',
            in: 'node-1',
            table: 'ipvsServices',
            row: { proto: 'tcp', ip: '10.1.15.1', port: 80, scheduler: 'rr' },
          },
          {
            op: 'add',
            in: 'node-1',
            table: 'ipvsServers',
            row: {
              proto: 'tcp',
              ip: '10.1.15.1',
              port: 80,
              to: '10.1.20.3',
              toPort: 8080,
              weight: 1,
            },
          },
        ]),
        'web-app-frontend-1',
        '10.1.15.1:80',
      ),
  ],
  [
    'ipvs-no-server',
    () =>
      asked(
        applyAll(flannel, [
          {
            op: 'add',
            in: 'node-1',
            table: 'ipvsServices',
            row: { proto: 'tcp', ip: '10.1.15.1', port: 80, scheduler: 'rr' },
          },
        ]),
        'web-app-frontend-1',
        '10.1.15.1:80',
      ),
  ],
  [
    'vxlan-unknown-vni',
    () =>
      asked(
        applyAll(flannel, [
          { op: 'set', in: 'node-2', table: 'devs', where: { name: 'flannel.1' }, to: { vni: 2 } },
        ]),
        'web-app-frontend-1',
        'backend-service-2',
      ),
  ],
  ...['no-tunnel', 'dummy'].map((reason) => [reason, () => tunnelCase(reason)] as const),
  [
    'vpc-no-public-address',
    () => {
      const s = SCENARIOS['vpc-cni']!
      return asked(applyAll(s.topology, s.whatIfs['no-snat']!.edits), 'metrics-1', '203.0.113.10')
    },
  ],
  [
    'vpc-too-big',
    () =>
      file(one('docker-bridge', '').replace('nodes:', 'mtu: 1620, nodes:'), 'n1', '203.0.113.10', {
        size: 1592,
        df: true,
      }),
  ],
  [
    'foreign-source',
    () =>
      file(
        one(
          'docker-bridge',
          '{ op: set, in: a, table: devs, where: { name: eth0 }, to: { addrs: [172.17.0.2/16, 172.17.9.9/16] } }, { op: set, in: a, table: routes, where: { dst: 172.17.0.0/16 }, to: { dev: lo } }',
        ),
        'a',
        '172.17.0.1',
      ),
  ],
  [
    'daemon-ttl',
    () =>
      asked(SCENARIOS['flannel-udp']!.topology, 'web-app-frontend-1', 'backend-service-2', {
        ttl: 2,
      }),
  ],
  ['own-socket', () => asked(SCENARIOS['sg-per-pod']!.topology, 'node-1', '192.168.0.131:8080')],
  [
    'martian-destination',
    () =>
      asked(
        applyAll(flannel, [
          rule({
            table: 'nat',
            chain: 'PREROUTING',
            iif: 'docker0',
            target: { type: 'DNAT', to: '127.0.0.1' },
          }),
        ]),
        'web-app-frontend-1',
        '203.0.113.10',
      ),
  ],
  [
    'rule-budget',
    () => {
      const names = Array.from({ length: 9 }, (_, i) => `C${i}`)
      return asked(
        applyAll(flannel, [
          ...names.map(chain),
          ...names.flatMap((name, i) =>
            Array.from({ length: i < names.length - 1 ? 10 : 0 }, () =>
              rule({ table: 'filter', chain: name, target: { type: 'JUMP', chain: `C${i + 1}` } }),
            ),
          ),
          rule({ table: 'filter', chain: 'OUTPUT', target: { type: 'JUMP', chain: 'C0' } }),
        ]),
        'node-1',
        '10.1.20.3',
      )
    },
  ],
  [
    'step-budget, and a neighbour that is still asked for',
    () =>
      asked(
        applyAll(
          docker,
          ([1, 2] as const).map((n): Edit => ({
            op: 'add',
            in: 'node-1',
            table: 'devs',
            row: {
              kind: 'veth',
              name: `loop${n}`,
              mac: `02:00:00:00:00:0${n}`,
              mtu: 1500,
              up: true,
              addrs: [],
              master: 'docker0',
              peer: { netns: 'node-1', dev: `loop${3 - n}` },
            },
          })),
        ),
        'web-app-frontend-1',
        '172.17.0.9',
      ),
  ],
  [
    'a fragment that is held',
    () =>
      file(
        one(
          'flannel-udp',
          '{ op: set, in: n1, table: sysctls, where: { key: net.bridge.bridge-nf-call-iptables }, to: { value: 0 } }, { op: set, in: b, table: devs, where: { name: eth0 }, to: { mtu: 1061 } }',
        ),
        'a',
        'b',
        { size: 1596 },
      ),
  ],
  [
    'a frame to a group’s MAC',
    () =>
      file(
        one(
          'docker-bridge',
          '{ op: add, in: a, table: neigh, row: { ip: 172.17.0.3, dev: eth0, lladdr: 01:00:5e:00:00:05, state: PERMANENT } }',
        ),
        'a',
        'b',
      ),
  ],
  [
    'kubernetes-3',
    () =>
      asked(
        applyAll(flannel, [
          rule({
            table: 'nat',
            chain: 'POSTROUTING',
            oif: 'docker0',
            target: { type: 'SNAT', to: '192.168.0.100' },
          }),
        ]),
        'node-1',
        'web-app-frontend-1',
      ),
  ],
]

describe('the closed lists', () => {
  for (const s of Object.values(SCENARIOS)) {
    for (const f of Object.values(s.flows)) listen(walk(s.topology, f))
    for (const x of Object.values(s.whatIfs))
      listen(walk(applyAll(s.topology, x.edits), s.flows[x.flow ?? Object.keys(s.flows)[0]!]!))
  }
  const row = (t: Topology, f: Flow): void => listen(walk(t, f))
  for (const f of FAULTS) {
    const t = applyAll(SCENARIOS[f.world]!.topology, f.edits)
    for (const x of f.sent) row(t, x.flow)
  }
  for (let seed = 7_200_000; seed < 7_200_060; seed += 1) {
    const g = generated(seed)
    row(clusterOf(fileOf(g)).topology, g.flow)
  }
  for (const [, w] of RARE) listen(w())

  it('are all there', () => {
    expect(listed.length).toBe(18)
  })
  it.each(listed.filter(([what]) => !what.startsWith('reason')))(
    '%s: what walks say is what is listed',
    (what, words) => {
      expect([...(said.get(what) ?? [])].toSorted()).toEqual([...words].toSorted())
    },
  )
  it('reason of drop: what walks say is what is listed', () => {
    const words = listed.filter(([what]) => what.startsWith('reason')).flatMap(([, x]) => x)
    expect([...said.get('reason of drop')!].toSorted()).toEqual(words.toSorted())
  })
  it.each(RARE.map(([what, w]) => [what, w] as const).filter(([what]) => !what.includes(' ')))(
    '%s has a network of its own',
    (what, w) => {
      const made = w()
      expect(
        what === 'kubernetes-3' ? promises(made).map((b) => b.promise) : [made.loss?.drop.reason],
      ).toEqual([what])
    },
  )
})
