import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fact } from '#lib/analysis/read/facts.ts'
import { flowLog } from '#lib/analysis/print/flow-log.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { check } from '#lib/goals/check.ts'
import { shipped } from '#lib/goals/goal.ts'
import { walk } from '#lib/walk/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { space, vpc, type Topology } from '#lib/topology/topology.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { labelOf } from '#lib/words/index.ts'

/** One walk of a world with rows changed and the flow altered. */
function see(
  scenario: string,
  flow: string,
  change: {
    readonly whatIf?: string
    readonly edits?: readonly Edit[]
    readonly flow?: Partial<Flow>
  } = {},
): Walk {
  const s = SCENARIOS[scenario]
  const f = s?.flows[flow]
  if (s === undefined || f === undefined) throw new RangeError(`no ${scenario} ${flow}`)
  const whatIf = change.whatIf === undefined ? [] : (s.whatIfs[change.whatIf]?.edits ?? [])
  return walk(applyAll(s.topology, [...whatIf, ...(change.edits ?? [])]), { ...f, ...change.flow })
}

/** What was asked by ARP on one leg, in order. */
function questions(w: Walk, leg: 'forward' | 'back'): string[] {
  return w.messages
    .filter((m) => m.kind === 'arp' && m.leg === leg && labelOf(m).startsWith('who-has'))
    .map((m) => labelOf(m))
}

const text = (chapter: string): string =>
  readFileSync(new URL(`../content/${chapter}.mdx`, import.meta.url), 'utf8')

/** The records that the flow log's reader is shown: interface, addresses, verdict. */
const logged = (w: Walk): string[] =>
  flowLog(w).map((r) => `${r['interface-id']} ${r.srcaddr} ${r.dstaddr} ${r.dstport} ${r.action}`)

describe('a packet inside a packet: what the prose says beyond its facts', () => {
  it('a traceroute is answered by the first, fourth and fifth probe', () => {
    const probes = [1, 2, 3, 4, 5].map((n) => see('flannel-udp', `probe-${n}`))
    expect(
      probes.map((w) =>
        w.delivered ? 'reply' : (w.loss?.icmp?.from ?? `silence in ${w.loss?.in}`),
      ),
    ).toEqual(['10.1.15.1', 'silence in node-1', 'silence in node-2', '10.1.20.0', 'reply'])
  })

  it('the request needs three ARP questions, the reply one', () => {
    const w = see('flannel-udp', 'frontend-1-to-backend-2')
    expect(questions(w, 'forward')).toEqual([
      'who-has 10.1.15.1',
      'who-has 192.168.0.200',
      'who-has 10.1.20.3',
    ])
    expect(questions(w, 'back')).toEqual(['who-has 192.168.0.100'])
  })

  it('without flanneld the packet leaks to the default gateway with the pod’s addresses', () => {
    const w = see('flannel-udp', 'frontend-1-to-backend-2', { whatIf: 'stop-flanneld' })
    expect(w.loss?.drop).toMatchObject({ reason: 'source-dest-check', ip: '10.1.15.2' })
    expect(
      see('flannel-vxlan', 'frontend-1-to-backend-2', { whatIf: 'stop-flanneld' }).delivered,
    ).toBe(true)
  })

  it('a missing FDB entry is silent, a missing neighbour is not', () => {
    expect(
      see('flannel-vxlan', 'frontend-1-to-backend-2', { whatIf: 'delete-fdb' }).loss?.icmp,
    ).toBeNull()
    expect(
      see('flannel-vxlan', 'frontend-1-to-backend-2', { whatIf: 'delete-neigh' }).loss?.icmp,
    ).toMatchObject({ type: 3, code: 1, from: '10.1.15.1' })
  })

  it('an MTU too small on the tunnel is reported, on eth0 it is mended in silence', () => {
    expect(see('flannel-udp', 'large', { whatIf: 'lower-mtu' }).loss?.icmp).toMatchObject({
      type: 3,
      code: 4,
      mtu: 1400,
    })
    const under = see('flannel-udp', 'large', {
      edits: [
        { op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 1400 } },
      ],
    })
    expect(under.delivered).toBe(true)
    expect(
      under.steps
        .filter((s) => s.decision.kind === 'fragments' && s.decision.did === 'fragment')
        .map((s) => s.in),
    ).toContain('node-1')
  })

  it('host-gw arrives only with the check off, with TTL 62', () => {
    expect(see('flannel-host-gw', 'frontend-1-to-backend-2').loss?.drop.reason).toBe(
      'source-dest-check',
    )
    const w = see('flannel-host-gw', 'frontend-1-to-backend-2', { whatIf: 'src-dst-check-off' })
    const arrived = w.steps.find((s) => s.in === 'backend-service-2' && s.stage === 'socket')
    expect(arrived?.packet.headers.find((h) => h.kind === 'ipv4')?.ttl).toBe(62)
  })
})

describe('a packet inside a packet: what its cards say of rows', () => {
  it('without the exception the packet arrives, as an address of node-1', () => {
    const w = see('flannel-udp', 'frontend-1-to-backend-2', {
      edits: [
        {
          op: 'del',
          in: 'node-1',
          table: 'netfilter',
          where: { chain: 'FLANNEL-POSTRTG', src: '10.1.15.0/24', dst: '10.1.0.0/16' },
        },
      ],
    })
    expect(w.delivered).toBe(true)
    const arrived = w.steps.find((s) => s.in === 'backend-service-2' && s.stage === 'socket')
    expect(arrived?.packet.headers.find((h) => h.kind === 'ipv4')?.src).toBe('10.1.15.0')
  })

  it('a packet crosses between kernel and program four times, and is twice in node-1’s routing', () => {
    const w = see('flannel-udp', 'frontend-1-to-backend-2')
    const own = w.steps.filter((s) => s.message === 0)
    // Into and out of each of two flannelds.
    expect(own.filter((s) => s.stage === 'daemon')).toHaveLength(2)
    expect(own.filter((s) => s.in === 'node-1' && s.decision.kind === 'route')).toHaveLength(2)
  })

  it('two rows let things into node-2: members of the group, and a node port; host-gw has a third for pods, the VPC CNI one for a VPC next door', () => {
    const rows = (id: string): unknown[] =>
      vpc(SCENARIOS[id]!.topology, 'vpc')!
        .sgRules.filter((r) => r.direction === 'ingress')
        .map((r) => r.peer)
    expect(rows('flannel-udp')).toEqual(['sg-node', '0.0.0.0/0'])
    expect(rows('vpc-cni')).toEqual(['sg-node', '0.0.0.0/0', '172.16.0.0/16'])
    expect(new Set(rows('flannel-host-gw'))).toEqual(
      new Set(['0.0.0.0/0', '10.1.0.0/16', 'sg-node']),
    )
  })

  it('the three rows of vxlan stand in the card as the tools print them', () => {
    const { topology } = SCENARIOS['flannel-vxlan']!
    const node = space(topology, 'node-1')!
    const printed = (['routes', 'neigh', 'fdb'] as const).flatMap((table) =>
      tableAsTool(node, table).lines.map((l) =>
        l.text.replace(/ dev flannel\.1(?= (lladdr|dst))/, ''),
      ),
    )
    const [rows = ''] = /```\n(10\.1\.20\.0\/24 via[^`]*)```/.exec(text('04-flannel'))!.slice(1)
    for (const row of rows.trim().split('\n')) expect(printed).toContain(row)
  })
})

/** The source that the receiver of a walk's question sees. */
function seenBy(w: Walk, receiver: string): string | undefined {
  const there = w.steps.find((s) => s.in === receiver && /^(?:socket|icmp)$/.test(s.stage))
  return there?.packet.headers.find((h) => h.kind === 'ipv4')?.src
}

describe('what Kubernetes asks: what its cards say beyond the walks', () => {
  const world = SCENARIOS['flannel-vxlan']!
  const three = (['kubernetes-1', 'kubernetes-2', 'kubernetes-3'] as const).map((id) => shipped(id))
  const held = (t: Topology, start: Topology): boolean[] =>
    check(three, t, start).map((v) => v.holds)
  const masquerading = applyAll(world.topology, world.whatIfs['docker-masquerade']!.edits)

  it('all three hold with flannel and with the VPC CNI; host-gw loses packets', () => {
    const all = ['flannel-vxlan', 'flannel-udp', 'vpc-cni', 'flannel-host-gw'].map((id) => {
      const { topology } = SCENARIOS[id]!
      return held(topology, topology)
    })
    expect(all).toEqual([
      [true, true, true],
      [true, true, true],
      [true, true, true],
      [true, false, true],
    ])
  })

  it('Docker’s rule breaks two, and every pod of node-1 is 10.1.15.0 elsewhere', () => {
    expect(held(masquerading, world.topology)).toEqual([false, false, true])
    const callers = ['web-app-frontend-1', 'backend-service-1'].map((from) =>
      seenBy(
        walk(masquerading, { ...world.flows['frontend-1-to-backend-2']!, from }),
        'backend-service-2',
      ),
    )
    expect(callers).toEqual(['10.1.15.0', '10.1.15.0'])
  })

  it('one edit mends it, in two ways, and calls to the internet keep the node’s address', () => {
    const rule = { chain: 'POSTROUTING', src: '10.1.15.0/24' }
    const at = { in: 'node-1', table: 'netfilter', where: rule } as const
    const ways: readonly Edit[] = [
      { op: 'del', ...at },
      { op: 'set', ...at, to: { dst: '10.1.0.0/16', not: ['oif', 'dst'] } },
    ]
    for (const way of ways) {
      const t = applyAll(masquerading, [way])
      expect(held(t, masquerading)).toEqual([true, true, true])
      const out = walk(t, world.flows['to-internet']!)
      expect(out.delivered).toBe(true)
      expect(
        out.steps
          .find((s) => s.in === 'vpc' && s.message === 0)
          ?.packet.headers.find((h) => h.kind === 'ipv4')?.src,
      ).toBe('192.168.0.100')
    }
  })

  it('to the other node the source is node-1’s, to its own node the pod’s', () => {
    const to = (address: Flow['to']): Walk =>
      see('flannel-vxlan', 'to-node', { flow: { to: address } })
    expect([seenBy(to('192.168.0.200'), 'node-2'), seenBy(to('192.168.0.100'), 'node-1')]).toEqual([
      '192.168.0.100',
      '10.1.15.2',
    ])
  })
})

describe('what AWS cannot see: what the prose says beyond its tables', () => {
  const sent = (w: Walk) => flowLog(w).find((r) => r['flow-direction'] === 'egress')!
  it('six packets, 353 bytes inside, 653 outside', () => {
    const outside = sent(see('flannel-vxlan', 'frontend-1-to-backend-2'))
    const inside = sent(see('vpc-cni', 'frontend-1-to-backend-2'))
    expect([inside.packets, inside.bytes, inside.dstport]).toEqual([6, 353, 8080])
    expect([outside.packets, outside.bytes, outside.dstport]).toEqual([6, 653, 8472])
    // They stand there as facts: both count the same.
    const w = see('flannel-vxlan', 'frontend-1-to-backend-2')
    expect(['packets-sent', 'bytes-sent', 'bytes-sent-wrapped'].map((x) => fact(w, x))).toEqual(
      [outside.packets, inside.bytes, outside.bytes].map(String),
    )
  })
  const tuple = (w: Walk) => {
    const { srcaddr, dstaddr, srcport, dstport, protocol } = sent(w)
    return [srcaddr, dstaddr, srcport, dstport, protocol].join(' ')
  }
  const talks = ['frontend-1-to-backend-2', 'ping', 'service'] as const
  it('three talks have one 5-tuple by udp, and three by vxlan', () => {
    expect(new Set(talks.map((f) => tuple(see('flannel-udp', f)))).size).toBe(1)
    expect(new Set(talks.map((f) => tuple(see('flannel-vxlan', f)))).size).toBe(3)
  })
  it('two pods of one node leave no record, with any plugin', () => {
    for (const world of ['flannel-udp', 'flannel-vxlan', 'flannel-host-gw', 'vpc-cni'])
      expect(flowLog(see(world, 'same-node'))).toEqual([])
  })
  it('when flanneld stops, udp leaks to the source check, and vxlan and host-gw go on', () => {
    expect(
      see('flannel-udp', 'frontend-1-to-backend-2', { whatIf: 'stop-flanneld' }).loss?.drop.reason,
    ).toBe('source-dest-check')
    expect(
      see('flannel-vxlan', 'frontend-1-to-backend-2', { whatIf: 'stop-flanneld' }).delivered,
    ).toBe(true)
  })
})

describe('one packet, no disguise: what the prose says beyond its facts', () => {
  it('the pod never asks by ARP', () => {
    const w = see('vpc-cni', 'frontend-1-to-backend-2')
    expect(
      w.frames.filter(
        (f) =>
          f.in === 'web-app-frontend-1' &&
          f.dir === 'out' &&
          f.packet.headers[1]?.kind === 'arp' &&
          f.packet.headers[1].op === 'request',
      ),
    ).toEqual([])
  })

  it('two pods on one node meet no security group, whatever it denies', () => {
    const w = see('vpc-cni', 'same-node', { whatIf: 'deny-security-group' })
    expect(w.delivered).toBe(true)
    expect(w.steps.filter((s) => s.in === 'vpc')).toEqual([])
  })

  it('without rule 1536 the right packet leaves by the wrong interface', () => {
    expect(
      see('vpc-cni', 'frontend-1-to-backend-2', { whatIf: 'delete-rule-1536' }).loss?.drop,
    ).toEqual({ reason: 'source-dest-check', eni: 'eni-node-1-eth0', ip: '192.168.0.111' })
  })

  it('without rule 512 the packet circles until its TTL is used up', () => {
    const loss = see('vpc-cni', 'same-node', { whatIf: 'delete-rule-512' }).loss
    expect(loss?.drop.reason).toBe('ttl-exceeded')
    expect(loss?.icmp).toMatchObject({ type: 11, code: 0, from: '192.168.0.100' })
  })

  it('to the internet the source becomes the node’s; without SNAT the check stops it', () => {
    const out = see('vpc-cni', 'to-internet').steps.find((s) => s.stage === 'igw')
    expect(out?.decision).toMatchObject({ from: '192.168.0.100' })
    expect(see('vpc-cni', 'to-internet', { whatIf: 'no-snat' }).loss?.drop).toMatchObject({
      reason: 'source-dest-check',
      eni: 'eni-node-1-eth0',
      ip: '192.168.0.111',
    })
  })
})

describe('one packet, no disguise: what its cards say of rows', () => {
  it('each end of the log hides its own pod', () => {
    const lines = logged(see('vpc-cni', 'frontend-1-to-backend-2'))
    expect(lines).toContain('eni-node-1-eth1 192.168.0.110 192.168.0.211 8080 ACCEPT')
    expect(lines).toContain('eni-node-2-eth1 192.168.0.111 192.168.0.210 8080 ACCEPT')
  })

  it('a refused packet is accepted in one log and rejected in the other', () => {
    const lines = logged(
      see('vpc-cni', 'frontend-1-to-backend-2', { whatIf: 'deny-security-group' }),
    )
    expect(lines.map((l) => [l.split(' ')[0], l.split(' ').at(-1)])).toEqual([
      ['eni-node-1-eth1', 'ACCEPT'],
      ['eni-node-2-eth1', 'REJECT'],
    ])
  })

  it('an answer to a node port leaves by eth0; without its mark by eth1, which does not own its source', () => {
    const doors = (w: Walk): string[] =>
      w.steps
        .filter((s) => s.stage === 'sg-egress' && w.messages[s.message]?.leg === 'back')
        .map((s) => s.dev ?? '')
    const whole = see('vpc-cni', 'node-port')
    expect(whole.delivered).toBe(true)
    expect(new Set(doors(whole))).toEqual(new Set(['eni-node-1-eth0']))
    const lost = see('vpc-cni', 'node-port', { whatIf: 'no-connmark' })
    expect(doors(lost)).toEqual(['eni-node-1-eth1'])
    expect(lost.loss?.drop).toMatchObject({ reason: 'source-dest-check', ip: '192.168.0.100' })
  })

  it('without rule 512 the VPC hands the packet back 63 times', () => {
    const w = see('vpc-cni', 'same-node', { whatIf: 'delete-rule-512' })
    expect(
      w.steps.filter(
        (s) => s.message === 0 && s.in === 'node-1' && s.dev === 'eth1' && s.stage === 'rx',
      ),
    ).toHaveLength(63)
  })

  it('ten pods on an m5.large take thirty addresses: as the plugin collects them', () => {
    // The state that the plugin's loop comes to with its defaults: one interface's worth free, three interfaces of ten.
    const [most, each] = [3, 10 - 1]
    const taken = (pods: number): [number, number, number] => {
      let enis = 1
      while (enis < most && enis * each - pods < each) enis += 1
      return [enis, enis * each, enis * (each + 1)]
    }
    const rows = [...text('07-vpc-cni').matchAll(/^\| (\d+) \| (\d) \| (\d+), .* \| (\d+) \|$/gm)]
    expect(rows.map((r) => r.slice(1, 5).map(Number))).toEqual(
      [0, 1, 10].map((pods) => [pods, ...taken(pods)]),
    )
    expect(most * each).toBe(27)
    const asked =
      /m5\.xlarge has (\d+) interfaces of (\d+) addresses[\s\S]*?= (\d+)\. EKS allows (\d+)/
    const [, enis, ips, pods, allowed] = asked.exec(text('07-vpc-cni'))!.map(Number)
    expect([enis! * (ips! - 1), pods! + 2]).toEqual([pods, allowed])
    expect(Math.floor(251 / taken(10)[2])).toBe(8)
  })
})

describe('one packet: what the prose says beyond its facts', () => {
  const way = () => see('lan', 'frontend-1-to-backend-2')
  const macs = (w: Walk) =>
    w.frames
      .filter((f) => f.message === w.steps.find((x) => x.in === 'web-app-frontend-1')?.message)
      .filter((f) => f.dir === 'out')
      .map((f) => f.packet.headers[0])
      .flatMap((h) => (h?.kind === 'ethernet' ? [`${h.src} ${h.dst}`] : []))
  it('three frames around one packet, each between two MACs of its link', () => {
    expect(new Set(macs(way())).size).toBe(3)
  })
  it('to a pod of the same node nothing is counted; to another node two count, by the gateway three', () => {
    const ttl = (w: Walk) =>
      w.steps.find((x) => x.stage === 'socket')?.packet.headers.find((h) => h.kind === 'ipv4')?.ttl
    expect(ttl(see('lan', 'same-node'))).toBe(64)
    expect(ttl(way())).toBe(62)
    expect(ttl(see('lan', 'frontend-1-to-backend-2', { whatIf: 'detour' }))).toBe(61)
  })
  it('without its row the packet ends at the gateway, which has none either', () => {
    const { loss } = see('lan', 'frontend-1-to-backend-2', { whatIf: 'drop-route' })
    expect([loss?.in, loss?.drop.reason]).toEqual(['gateway', 'no-route'])
  })
})

describe('three layers deep: what the prose says beyond its facts', () => {
  const heard = (w: Walk) =>
    new Set(
      w.frames.flatMap(({ dir, packet, in: at }) => {
        const h = packet.headers[1]
        const asks = h?.kind === 'arp' && h.op === 'request' && h.tpa === '192.168.0.200'
        return dir === 'in' && asks ? [at] : []
      }),
    )
  it('on a switch everybody hears who has node-2’s address, in a VPC nobody', () => {
    expect([...heard(see('lan', 'frontend-1-to-backend-2'))]).toEqual(
      expect.arrayContaining(['node-2', 'gateway']),
    )
    expect(
      [...heard(see('flannel-vxlan', 'frontend-1-to-backend-2'))].filter((n) => n !== 'vpc'),
    ).toEqual([])
  })
})

describe('Docker’s way: what the prose says beyond its facts', () => {
  const sources = (w: Walk, at: string) =>
    new Set(
      w.steps
        .filter((x) => x.in === at && x.stage === 'socket')
        .flatMap((x) => x.packet.headers.flatMap((h) => (h.kind === 'ipv4' ? [h.src] : []))),
    )
  it('four callers show four things: the node they are on, themselves, the bridge', () => {
    expect([...sources(see('docker-bridge', 'frontend-1-to-host-2'), 'backend-service-2')]).toEqual(
      ['192.168.0.100'],
    )
    expect([...sources(see('docker-bridge', 'internet-to-host-1'), 'backend-service-1')]).toEqual([
      '203.0.113.10',
    ])
    expect([...sources(see('docker-bridge', 'own-host'), 'backend-service-1')]).toEqual([
      '172.17.0.1',
    ])
  })
  it('two containers of one address on two nodes', () => {
    const t = SCENARIOS['docker-bridge']!.topology
    const named = t.source.names.filter((n) => /172\.17\.0\.2\//.test(JSON.stringify(space(t, n))))
    expect(named.length).toBeGreaterThanOrEqual(2)
  })
})
