import { describe, expect, it } from 'vitest'
import { netns } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { ruleRowText } from '#lib/topology/tables/rules/row.ts'
import { routeText } from '#lib/topology/tables/routes/row.ts'
import { vethName } from '#lib/worlds/vpc-cni/cni.ts'
import { vlanVethName } from '#lib/worlds/sg-per-pod/cni.ts'
import {
  arrivalTtl,
  changed,
  framesOf,
  hop,
  ips,
  mtu,
  see,
  told,
  world,
  type Change,
} from './see.ts'

/* Section 4 of the facts of other fabrics: branch ENIs behind a trunk, measured on Linux 6.1 and 6.18. Between machines the VPC counts no hop, which the lab's router did. */

const SG = 'sg-per-pod'
const [OWN, PLAIN, NODE] = ['192.168.0.131', '192.168.0.111', '192.168.0.100'] as const
const POD = 'backend-service-1'
const [VLAN, ENI] = [vlanVethName(POD), vethName(POD)]
const STANDARD: Change = { whatIf: 'standard' }
const sg = (flow: string, c: Change = {}): Walk => see(SG, flow, c)
/** Tap, bytes, tag, TTL of each frame of a message. */
const path = (w: Walk, label: string): string[] =>
  framesOf(w, label).map((f) => {
    const [tap, , , , ttl, sizes] = hop(f)
    const tag = f.packet.headers.find((h) => h.kind === 'vlan')
    return `${tap} ${sizes.split('/')[1]!}${tag === undefined ? '' : ` tag ${tag.vid}`} ttl ${ttl}`
  })
const taps = (w: Walk, label: string): string[] =>
  framesOf(w, label).map((f) => `${f.in}/${f.dev} ${f.dir}`)
const last = (w: Walk) => w.frames.at(-1)!

describe('4: what is written', () => {
  const rules = (c: Change): readonly string[] =>
    netns(changed(SG, c), 'node-1')!
      .rules.toSorted((a, b) => a.priority - b.priority)
      .map(ruleRowText)
  const routes = (c: Change): readonly string[] =>
    netns(changed(SG, c), 'node-1')!
      .routes.filter((r) => r.table === '101' || r.dst === `${OWN}/32`)
      .map(routeText)
  it('strict: both devices’ own rules, and the local table behind them', () =>
    expect(rules({})).toEqual([
      '10:\tfrom all iif vlan.eth.1 lookup 101',
      `10:\tfrom all iif ${VLAN} lookup 101`,
      '20:\tfrom all lookup local',
      `512:\tfrom all to ${PLAIN} lookup main`,
      '1024:\tfrom all fwmark 0x80/0x80 lookup main',
      '32766:\tfrom all lookup main',
      '32767:\tfrom all lookup default',
    ]))
  it('strict: table 101 has the way to the pod', () =>
    expect(routes({})).toEqual([
      'default via 192.168.0.1 dev vlan.eth.1 table 101',
      '192.168.0.1 dev vlan.eth.1 table 101 scope link',
      `${OWN} dev ${VLAN} table 101 scope link`,
    ]))
  it('standard: rules by address, and the way to the pod in main', () => {
    expect(rules(STANDARD)).toEqual([
      '0:\tfrom all lookup local',
      `512:\tfrom all to ${PLAIN} lookup main`,
      `512:\tfrom all to ${OWN} lookup main`,
      '1024:\tfrom all fwmark 0x80/0x80 lookup main',
      `1536:\tfrom ${OWN} lookup 101`,
      '32766:\tfrom all lookup main',
      '32767:\tfrom all lookup default',
    ])
    expect(routes(STANDARD)).toEqual([
      'default via 192.168.0.1 dev vlan.eth.1 table 101',
      '192.168.0.1 dev vlan.eth.1 table 101 scope link',
      `${OWN} dev ${ENI} scope link`,
    ])
  })
  it('the VLAN device has the branch ENI’s MAC', () => {
    const branch = world(SG).source.derive('vpc')
    expect(branch?.kind === 'vpc' && branch.enis.find((e) => e.ips[0] === OWN)).toMatchObject({
      mac: netns(world(SG), 'node-1')!.devs.find((d) => d.name === 'vlan.eth.1')!.mac,
      branch: { trunk: 'eni-node-1-eth1', vlan: 1 },
      groups: ['sg-backend'],
    })
  })
})

describe.each([
  ['strict', {}, VLAN],
  ['standard', STANDARD, ENI],
] as const)('4: to a machine of the same subnet, %s', (_mode, c, veth) => {
  const w = sg('to-other-node', c)
  it('the request leaves by the trunk with its tag, which nobody else sees', () => {
    expect(path(w, 'echo request')).toEqual([
      `${POD}/eth0 out 98 ttl 64`,
      `node-1/${veth} in 98 ttl 64`,
      'node-1/vlan.eth.1 out 98 ttl 63',
      'node-1/eth1 out 102 tag 1 ttl 63',
      'node-2/eth0 in 98 ttl 63',
    ])
    expect(hop(framesOf(w, 'echo request')[2]!)[1]).toBe('0a:02:00:00:00:83>0e:00:c0:a8:00:01')
  })
  it('the reply comes to the branch’s MAC, which is not the trunk’s', () =>
    expect(path(w, 'echo reply')).toEqual([
      'node-2/eth0 out 98 ttl 64',
      'node-1/eth1 in otherhost 102 tag 1 ttl 64',
      'node-1/vlan.eth.1 in 98 ttl 64',
      `node-1/${veth} out 98 ttl 63`,
      `${POD}/eth0 in 98 ttl 63`,
    ]))
  it('and from there to the pod', () => {
    const back = sg('from-other-node', c)
    expect(taps(back, 'echo request').slice(1, 3)).toEqual([
      'node-1/eth1 in',
      'node-1/vlan.eth.1 in',
    ])
    expect(arrivalTtl(back, 'echo request')).toBe(63)
  })
  it('1500 bytes that may not be cut pass, with 1518 on the trunk', () => {
    const w = sg('large', c)
    expect(w.delivered).toBe(true)
    expect(path(w, 'echo request')).toContain('node-1/eth1 out 1518 tag 1 ttl 63')
  })
  it('rp_filter 1 on the VLAN device and all: as before', () => {
    for (const key of ['all', 'vlan.eth.1'])
      expect(
        see(SG, 'from-other-node', {
          ...c,
          edits: [
            key === 'all'
              ? {
                  op: 'set',
                  in: 'node-1',
                  table: 'sysctls',
                  where: { key: 'net.ipv4.conf.all.rp_filter' },
                  to: { value: 1 },
                }
              : {
                  op: 'add',
                  in: 'node-1',
                  table: 'sysctls',
                  row: { key: 'net.ipv4.conf.vlan.eth.1.rp_filter', value: 1 },
                },
          ],
        }).delivered,
      ).toBe(true)
  })
})

describe('4: on one node', () => {
  it('pod with groups to plain pod, strict: out by the trunk and in by eth0', () =>
    expect(taps(sg('to-same-node'), 'SYN')).toEqual([
      `${POD}/eth0 out`,
      `node-1/${VLAN} in`,
      'node-1/vlan.eth.1 out',
      'node-1/eth1 out',
      'node-1/eth0 in',
      `node-1/${vethName('web-app-frontend-1')} out`,
      'web-app-frontend-1/eth0 in',
    ]))
  it.each([
    ['to-same-node', {}, 62],
    ['from-same-node', {}, 62],
    ['to-same-node', STANDARD, 63],
    ['from-same-node', STANDARD, 63],
  ] as const)('%s, %o: TTL %i arrives', (flow, c, ttl) =>
    expect(arrivalTtl(sg(flow, c), 'SYN')).toBe(ttl),
  )
  it('plain pod to pod with groups, strict: to the branch’s MAC, without the router', () => {
    const w = sg('from-same-node')
    expect(taps(w, 'SYN').slice(1, 6)).toEqual([
      `node-1/${vethName('web-app-frontend-1')} in`,
      'node-1/eth0 out',
      'node-1/eth1 in',
      'node-1/vlan.eth.1 in',
      `node-1/${VLAN} out`,
    ])
    expect(hop(framesOf(w, 'SYN')[2]!)[1]).toBe('0a:00:00:00:00:64>0a:02:00:00:00:83')
  })
  it.each(['to-same-node', 'from-same-node'])('%s, standard: nothing leaves the node', (flow) =>
    expect(sg(flow, STANDARD).steps.some((s) => s.in === 'vpc')).toBe(false),
  )
  it('to its own node, ping: strict by the VPC, and back through the trunk; standard local', () => {
    const w = sg('to-own-node')
    expect(taps(w, 'echo request').at(-1)).toBe('node-1/eth0 in')
    expect(arrivalTtl(w, 'echo request')).toBe(63)
    expect(taps(w, 'echo reply')).toEqual([
      'node-1/eth0 out',
      'node-1/eth1 in',
      'node-1/vlan.eth.1 in',
      `node-1/${VLAN} out`,
      `${POD}/eth0 in`,
    ])
    expect(arrivalTtl(sg('to-own-node', STANDARD), 'echo request')).toBe(64)
  })
  it('to its own node, TCP, strict: connect() succeeds, and what follows dies', () => {
    const w = sg('to-kubelet')
    expect(taps(w, 'SYN-ACK').at(-1)).toBe(`${POD}/eth0 in`)
    expect([taps(w, 'ACK').at(-1), taps(w, 'request').at(-1)]).toEqual([
      `node-1/${VLAN} in`,
      `node-1/${VLAN} in`,
    ])
    expect(told(w)).toBe('silence: own-socket in node-1')
  })
  it('to its own node, TCP, standard: works', () =>
    expect(sg('to-kubelet', STANDARD).delivered).toBe(true))
})

describe('4: kubelet’s probe', () => {
  it('ping passes, strict: out by eth0, in by the trunk', () => {
    const w = sg('probe-ping')
    expect(taps(w, 'echo request')).toEqual([
      'node-1/eth0 out',
      'node-1/eth1 in',
      'node-1/vlan.eth.1 in',
      `node-1/${VLAN} out`,
      `${POD}/eth0 in`,
    ])
    expect(arrivalTtl(w, 'echo request')).toBe(63)
  })
  it('TCP, strict: the SYN-ACK has a socket here, and is not forwarded', () => {
    const w = sg('probe')
    expect(arrivalTtl(w, 'SYN')).toBe(63)
    expect([hop(last(w))[0], told(w)]).toEqual([
      `node-1/${VLAN} in`,
      'silence: own-socket in node-1',
    ])
  })
  it('TCP with tcp_early_demux=0: the SYN-ACK leaves by the trunk and comes back by eth0', () => {
    const w = sg('probe', { whatIf: 'early-demux-off' })
    expect(w.delivered).toBe(true)
    expect(taps(w, 'SYN-ACK')).toEqual([
      `${POD}/eth0 out`,
      `node-1/${VLAN} in`,
      'node-1/vlan.eth.1 out',
      'node-1/eth1 out',
      'node-1/eth0 in',
    ])
  })
  it('ip_early_demux=0 does too', () =>
    expect(
      sg('probe', {
        edits: [
          {
            op: 'add',
            in: 'node-1',
            table: 'sysctls',
            row: { key: 'net.ipv4.ip_early_demux', value: 0 },
          },
        ],
      }).delivered,
    ).toBe(true))
  it('standard: both by the pair, TTL 64', () => {
    expect(arrivalTtl(sg('probe-ping', STANDARD), 'echo request')).toBe(64)
    expect(sg('probe', STANDARD).delivered).toBe(true)
  })
})

describe('4: to the internet', () => {
  const leaves = (w: Walk) => {
    const f = w.frames.filter((x) => x.in === 'node-1' && x.dir === 'out' && ips(x).length > 0)[1]!
    return [f.dev, ips(f)[0]!.src]
  }
  it('strict: by the branch, as the pod, which has no public address', () => {
    const w = sg('to-internet')
    expect([leaves(w), w.loss?.drop.reason]).toEqual([['eth1', OWN], 'vpc-no-public-address'])
  })
  it('standard: the mark beats rule 1536, by eth0, as the node', () => {
    const w = sg('to-internet', STANDARD)
    expect(w.delivered).toBe(true)
    expect(framesOf(w, 'SYN').map((f) => `${f.dev} ${ips(f)[0]!.src}`)[2]).toBe(`eth0 ${NODE}`)
  })
  it.each([{}, STANDARD])('plain pod, %o: by eth0, as the node', (c) =>
    expect(
      framesOf(sg('frontend-1-to-internet', c), 'SYN').map((f) => `${f.dev} ${ips(f)[0]!.src}`)[2],
    ).toBe(`eth0 ${NODE}`),
  )
})

describe('4: TTL probes', () => {
  /** The lab had no kube-proxy, whose rule drops what conntrack cannot place: such an error, in strict mode. */
  const WITHOUT: Change['edits'] = [
    {
      op: 'del',
      in: 'node-1',
      table: 'netfilter',
      where: { chain: 'KUBE-FORWARD', ctstate: ['INVALID'] },
    },
  ]
  const probe = (flow: string, ttl: number, c: Change = { edits: WITHOUT }): Walk =>
    sg(flow, { ...c, flow: { proto: 'icmp', dport: 0, size: 56, ttl } as Partial<Flow> })
  /** The error’s way to who asked. */
  const error = (w: Walk) =>
    w.frames.filter((f) => f.packet.headers.some((h) => h.kind === 'icmp' && h.type === 11))
  it('TTL 1 to another machine, strict: the error itself goes by the VPC, and arrives with 63', () => {
    const w = probe('to-other-node', 1)
    expect(told(w)).toBe(`ICMP 11/0 from ${NODE}`)
    expect(error(w).map((f) => `${f.dev} ${f.dir} ${ips(f)[0]!.ttl}`)).toEqual([
      'eth0 out 64',
      'eth1 in 64',
      'vlan.eth.1 in 64',
      `${VLAN} out 63`,
      'eth0 in 63',
    ])
  })
  it('and where kube-proxy is, it ends there', () => {
    const w = probe('to-other-node', 1, {})
    const at = w.steps.find((s) => s.drop?.reason === 'netfilter')
    expect([at?.in, at?.dev, told(w)]).toEqual([
      'node-1',
      'vlan.eth.1',
      'silence: ttl-exceeded in node-1',
    ])
  })
  it('TTL 1, standard: by the pair, 64', () => {
    const w = probe('to-other-node', 1, STANDARD)
    expect([told(w), ips(error(w).at(-1)!)[0]!.ttl]).toEqual([`ICMP 11/0 from ${NODE}`, 64])
  })
  it('to a plain pod of its node, strict: the node is hop 1 and the one before the pod', () => {
    expect([1, 2].map((ttl) => told(probe('to-same-node', ttl)))).toEqual([
      `ICMP 11/0 from ${NODE}`,
      `ICMP 11/0 from ${NODE}`,
    ])
    expect(probe('to-same-node', 3).delivered).toBe(true)
  })
  it('standard: TTL 2 is answered', () =>
    expect(probe('to-same-node', 2, STANDARD).delivered).toBe(true))
})

describe('4: the branch ENI is deleted', () => {
  const gone = (flow: string, c: Change = {}): Walk =>
    sg(flow, {
      ...c,
      cold: true,
      edits: [{ op: 'del', in: 'vpc', table: 'enis', where: { id: `eni-${POD}` } }],
    })
  it.each(['to-other-node', 'from-other-node', 'probe-ping', 'to-same-node', 'from-same-node'])(
    'strict, %s: silence',
    (flow) => expect(gone(flow).delivered).toBe(false),
  )
  it.each([
    ['to-other-node', false],
    ['from-other-node', false],
    ['probe-ping', true],
    ['probe', true],
    ['from-same-node', true],
  ] as const)('standard, %s arrives: %s', (flow, arrives) =>
    expect(gone(flow, STANDARD).delivered).toBe(arrives),
  )
})

describe('aws.md 3.2: what strict and standard ask', () => {
  it.each([
    ['from-same-node', {}, true],
    ['from-same-node', STANDARD, false],
    ['probe-ping', {}, true],
    ['probe-ping', STANDARD, false],
  ] as const)('%s, %o: the pod’s groups are asked: %s', (flow, c, asked) =>
    expect(
      sg(flow, c).steps.some(
        (s) => s.decision.kind === 'security-group' && s.decision.eni === `eni-${POD}`,
      ),
    ).toBe(asked),
  )
  it('MTU of the trunk holds for the VLAN device too', () => {
    const w = sg('to-other-node', {
      edits: [mtu('node-1', 'eth1', 1400)],
      flow: { size: 1472, df: true },
    })
    expect(w.loss?.drop).toEqual({
      reason: 'too-big',
      mtu: 1400,
      size: 1500,
      dev: 'vlan.eth.1',
    })
  })
})
