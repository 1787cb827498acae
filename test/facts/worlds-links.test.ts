import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { DROPS } from '#lib/trace/drops.ts'
import type { Walk } from '#lib/trace/walk.ts'
import type { Cidr } from '#lib/wire/addr.ts'
import { dev, netns, withSpace, type Topology } from '#lib/topology/topology.ts'
import { validate } from '#lib/topology/validate.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { outcomeOf } from '#lib/analysis/kernel/learned.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { vethName } from '#lib/worlds/lyft-ipvlan/cni.ts'
import { setDev } from '#lib/worlds/what-ifs.ts'
import { slaves, TRUNK, vlanOn } from '../verify/link-rows.ts'
import { framesOf, hop, mtu, see, told, world, type Change } from './see.ts'

/* Sections 1.1, 1.6, 1.7 and 1.9 of the facts of other devices, measured on Linux 6.1: rows that the engine claims. What each kernel says to them frame by frame is in test/verify/link-rows.ts. */

/** Two nodes of a plain network in VLAN 100, and their pods' ways through it. */
const vlan = (c: Change = {}): Walk =>
  see('lan', 'ping', { ...c, edits: [...TRUNK, ...(c.edits ?? [])] })
const request = (w: Walk): string[] =>
  framesOf(w, 'echo request').map((f) => {
    const [tap, , , , ttl, sizes] = hop(f)
    const tag = f.packet.headers.find((h) => h.kind === 'vlan')
    return `${tap} ${sizes.split('/')[1]!}${tag === undefined ? '' : ` tag ${tag.vid}.${tag.pcp}`} ttl ${ttl}`
  })
/** From the node that tags to the one that takes the tag off. */
const BETWEEN = (own: string): string[] => [
  'node-1/eth0.100 out 98 ttl 63',
  'node-1/eth0 out 102 tag 100.0 ttl 63',
  'switch/port2 in otherhost 102 tag 100.0 ttl 63',
  'switch/port3 out 102 tag 100.0 ttl 63',
  `node-2/eth0 in${own} 102 tag 100.0 ttl 63`,
  'node-2/eth0.100 in 98 ttl 63',
]
const built = (...edits: readonly Edit[]): Topology => applyAll(world('lan'), [...TRUNK, ...edits])
const vlanDev = (t: Topology) => dev(netns(t, 'node-1')!, 'eth0.100')!

describe('1.6: a VLAN, frame by frame', () => {
  it('tagged on the device below and through a bridge without vlan_filtering, 102 bytes of 98', () =>
    expect(request(vlan()).slice(3, 9)).toEqual(BETWEEN('')))
  it('a MAC of its own: the device below shows the frame as another host’s, the VLAN’s takes it', () => {
    const own = [TRUNK[0]!, vlanOn(2, 100, { mac: '06:00:00:00:01:02' }), ...TRUNK.slice(2)]
    expect(request(see('lan', 'ping', { edits: own })).slice(3, 9)).toEqual(BETWEEN(' otherhost'))
  })
  it('ARP runs inside: 46 bytes below, 42 on top', () => {
    const w = vlan({ cold: true })
    expect(
      w.frames
        .filter((f) => f.packet.headers.some((h) => h.kind === 'arp' && h.tpa === '10.9.0.2'))
        .map((f) => `${f.in}/${f.dev} ${hop(f)[5].split('/')[1]!}`),
    ).toEqual(
      expect.arrayContaining(['node-1/eth0.100 42', 'node-1/eth0 46', 'node-2/eth0.100 42']),
    )
  })
  it('the tag counts against no MTU: 1518 bytes pass ports of 1500, and even of 1496', () => {
    const flow = { size: 1472, df: true }
    expect(request(vlan({ flow }))[4]).toBe('node-1/eth0 out 1518 tag 100.0 ttl 63')
    const edits = ['port2', 'port3'].map((port) => mtu('switch', port, 1496))
    expect(told(vlan({ flow, edits }))).toBe('reply, TTL 62')
  })
  it('its own MTU counts: 3/4 mtu 1496 with DF, else 1492 and 25', () => {
    const edits = [mtu('node-1', 'eth0.100', 1496)]
    expect(told(vlan({ edits, flow: { size: 1469, df: true } }))).toBe(
      'ICMP 3/4 mtu 1496 from 10.1.15.1',
    )
    const w = vlan({ edits, flow: { size: 1469 } })
    expect(
      framesOf(w, 'echo request')
        .filter((f) => f.dev === 'eth0.100' && f.dir === 'out')
        .map((f) => hop(f)[5].split('/')[0]),
    ).toEqual(['1492', '25'])
  })
  it.each([
    ['is not there', { op: 'del', in: 'node-2', table: 'devs', where: { name: 'eth0.100' } }],
    ['is down', setDev('node-2', 'eth0.100', { up: false })],
  ] as const)('the receiver’s device %s: seen below, and nobody hears of it', (what, edit) => {
    const w = vlan({ edits: [edit], cold: true })
    expect(told(w)).toBe('ICMP 3/1 from 10.1.15.1')
    const asked = w.frames.filter((f) => f.in === 'node-2' && f.dir === 'in')
    expect(new Set(asked.map((f) => f.dev))).toEqual(new Set(['eth0']))
    expect(w.steps.filter((s) => s.in === 'node-2' && s.drop !== null)[0]!.drop).toEqual(
      what === 'is down'
        ? { reason: 'link-down', dev: 'eth0.100' }
        : { reason: 'vlan-unknown', vid: 100, dev: 'eth0' },
    )
  })
  it('untagged traffic on the same wire is not affected', () =>
    expect(told(see('lan', 'ping', { edits: TRUNK.slice(0, 1) }))).toBe('reply, TTL 62'))
  it('VLAN 0 is taken as untagged by the device that is not tagged', () => {
    const w = see('lan', 'ping', {
      cold: true,
      flow: { from: 'node-1', to: '10.9.0.2' },
      edits: [vlanOn(1, 0)],
    })
    expect(
      w.frames.some((f) => f.packet.headers.some((h) => h.kind === 'vlan' && h.vid === 0)),
    ).toBe(true)
    expect(w.steps.some((s) => s.in === 'node-2' && s.stage === 'arp')).toBe(true)
    expect(w.steps.some((s) => s.drop?.reason === 'vlan-unknown')).toBe(false)
  })
  it('the kernel’s own name of a tag that nobody has', () =>
    expect(DROPS['vlan-unknown'].kernel).toBe('OTHERHOST'))
})

describe('1.1: a VLAN’s MTU and state follow the device below', () => {
  it('down, never up', () => {
    const lower = built(mtu('node-1', 'eth0', 1400))
    expect(vlanDev(lower).mtu).toBe(1400)
    expect(vlanDev(applyAll(lower, [mtu('node-1', 'eth0', 1500)])).mtu).toBe(1400)
  })
  it('above that one’s it is refused', () =>
    expect(() => built(mtu('node-1', 'eth0.100', 1501))).toThrow(
      /Numerical result out of range: mtu 1501 is above the 1500 of eth0/,
    ))
  it.each([
    ['eth0', { mtu: 1501 }, 101, 'Invalid argument: mtu 1501 is above the 1500 of eth0'],
    ['eth0', {}, 100, 'VLAN device already exists: eth0.100 has VLAN 100 of eth0'],
    ['lo', {}, 5, 'VLANs not supported on device: lo'],
    ['eth9', {}, 5, 'Cannot find device "eth9"'],
    ['new', {}, 5, 'Cannot find device "new"'],
  ])('on %s with %j, VLAN %i: %s', (below, more, id, why) => {
    const row = (vlanOn(1, id, more) as { row: Dev }).row
    const edit = {
      ...vlanOn(1, id),
      row: { ...row, name: 'new', link: { netns: 'node-1', dev: below } } as Dev,
    }
    expect(() => built(edit as Edit)).toThrow(why)
  })
  it('on one that is down it does not come up', () =>
    expect(() =>
      built(setDev('node-1', 'eth0', { up: false }), setDev('node-1', 'eth0.100', { up: true })),
    ).toThrow('Network is down: eth0 is down'))
  it('goes down and comes up with that one, and its connected route with it', () => {
    const down = built(setDev('node-1', 'eth0', { up: false }))
    const routes = (t: Topology) =>
      netns(t, 'node-1')!
        .routes.filter((r) => r.dev === 'eth0.100')
        .map((r) => r.dst)
    expect([vlanDev(down).up, routes(down)]).toEqual([false, []])
    const again = applyAll(down, [setDev('node-1', 'eth0', { up: true })])
    expect([vlanDev(again).up, routes(again)]).toEqual([true, ['10.9.0.0/24']])
  })
  it('with that one it goes, and has its new name', () => {
    const gone = built({ op: 'del', in: 'node-1', table: 'devs', where: { name: 'eth0' } })
    expect(netns(gone, 'node-1')!.devs.map((d) => d.name)).not.toContain('eth0.100')
    const named = built({
      op: 'set',
      in: 'node-1',
      table: 'devs',
      where: { name: 'eth0' },
      to: { name: 'wan' },
    })
    expect(vlanDev(named)).toMatchObject({ link: { netns: 'node-1', dev: 'wan' } })
    expect(tableAsTool(netns(named, 'node-1')!, 'devs').lines.at(-1)!.text).toBe(
      'eth0.100@wan: mtu 1500 vlan id 100 state UP link/ether 0a:00:00:00:00:64 inet 10.9.0.1/24',
    )
  })
})

const [A, B, OUT] = ['web-app-frontend-1', 'backend-service-1', '203.0.113.10'] as const
type Mode = Parameters<typeof slaves>[0]
const ip = (mode: Mode, i: number): Flow['to'] =>
  (mode === 'l2' ? `192.168.0.9${i}` : `10.5.1.${i}`) as Flow['to']
/** What one slave of node-1's eth0 sends, warm unless told otherwise. */
const slave = (mode: Mode, to: Flow['to'], c: Change = {}): Walk =>
  see('lan', 'ping', {
    ...c,
    edits: [...slaves(mode), ...(c.edits ?? [])],
    flow: { from: A, to, ...c.flow },
  })
const way = (w: Walk, label = 'echo request'): string[] =>
  framesOf(w, label).map((f) => `${hop(f)[0]} ttl ${hop(f)[4]}`)
const routes = (w: Walk, name: string): boolean =>
  w.steps.some((s) => s.in === name && s.stage === 'route-out')

describe.each(['l2', 'l3', 'l3s'] as const)('1.7: ipvlan in mode %s', (mode) => {
  it('slave to slave: out of one, into the other, and nothing else sees it', () =>
    expect(way(slave(mode, ip(mode, 2)))).toEqual([`${A}/net1 out ttl 64`, `${B}/net1 in ttl 64`]))
  it('slave to outside: by its own tap and the master’s, and no hop is counted', () =>
    expect(way(slave(mode, OUT)).slice(0, 3)).toEqual([
      `${A}/net1 out ttl 64`,
      'node-1/eth0 out ttl 64',
      'switch/port2 in otherhost ttl 64',
    ]))
  it('the node’s routing is asked by what leaves in L3 only', () =>
    expect(routes(slave(mode, OUT), 'node-1')).toBe(mode !== 'l2'))
  it('outside to slave: the slave’s tap shows it, in L3S only the master’s', () => {
    const last = way(slave(mode, ip(mode, 1), { flow: { from: 'internet' } })).slice(-2)
    expect(last).toEqual(
      mode === 'l3s'
        ? ['switch/port2 out ttl 63', 'node-1/eth0 in ttl 63']
        : ['node-1/eth0 in ttl 63', `${A}/net1 in ttl 63`],
    )
  })
  it('in L3 no slave answers ARP, in L2 it does', () => {
    const onLink: Edit = {
      op: 'add',
      in: 'gateway',
      table: 'routes',
      row: { table: 'main', dst: `${ip(mode, 1)}/32` as Cidr, dev: 'eth0', scope: 'link' },
    }
    const w = see('lan', 'ping', {
      cold: true,
      edits: [...slaves(mode), onLink],
      flow: { from: 'gateway', to: ip(mode, 1) },
    })
    const seen = (dir: 'in' | 'out'): boolean =>
      w.frames.some((f) => f.in === A && f.dev === 'net1' && f.dir === dir)
    expect([seen('in'), seen('out'), w.delivered]).toEqual([
      mode !== 'l3s',
      mode === 'l2',
      mode === 'l2',
    ])
  })
  it('the node is no hop: TTL 1 ends at the gateway', () =>
    expect(told(slave(mode, OUT, { flow: { ttl: 1 } }))).toBe('ICMP 11/0 from 192.168.0.1'))
  it('the node filters what is its own: no effect in L2, ENOBUFS in L3', () => {
    const row = { table: 'filter', chain: 'OUTPUT', target: { type: 'DROP' } } as const
    const w = slave(mode, OUT, { edits: [{ op: 'add', in: 'node-1', table: 'netfilter', row }] })
    expect(outcomeOf(w)).toBe(mode === 'l2' ? 'answer' : 'ENOBUFS')
  })
  it('the node has no route: no effect in L2, in L3 the destination is taken to be on the link', () => {
    const w = slave(mode, OUT, {
      edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { dst: '0.0.0.0/0' } }],
    })
    const asked = w.frames.some(
      (f) => f.in === 'node-1' && f.packet.headers.some((h) => h.kind === 'arp' && h.tpa === OUT),
    )
    expect([w.delivered, asked]).toEqual([mode === 'l2', mode !== 'l2'])
  })
  it('to the node’s own address: in L2 nobody answers, in L3 the node does', () =>
    expect(slave(mode, '192.168.0.100', { cold: true }).delivered).toBe(mode !== 'l2'))
  it('a slave’s MTU above the master’s: L3 tells, L2 loses it on the wire', () =>
    expect(
      told(slave(mode, OUT, { edits: [mtu(A, 'net1', 1600)], flow: { size: 1522, df: true } })),
    ).toBe(
      mode === 'l2' ? 'silence: over-mtu-link in node-1' : 'ICMP 3/4 mtu 1500 from 192.168.0.100',
    ))
  it('master down: slave to slave still works', () =>
    expect(
      slave(mode, ip(mode, 2), { edits: [setDev('node-1', 'eth0', { up: false })] }).delivered,
    ).toBe(true))
})

describe('1.7: the node translates what slaves send', () => {
  it.each([
    ['l2', ip('l2', 1)],
    ['l3', '192.168.0.100'],
    ['l3s', '192.168.0.100'],
  ] as const)('in %s the source outside is %s', (mode, source) => {
    const masquerade: Edit = {
      op: 'add',
      in: 'node-1',
      table: 'netfilter',
      row: {
        table: 'nat',
        chain: 'POSTROUTING',
        oif: 'eth0',
        src: '10.5.1.0/24',
        target: { type: 'MASQUERADE' },
      },
    }
    const w = slave(mode, OUT, { edits: [masquerade] })
    expect(hop(framesOf(w, 'echo request').at(-1)!)[2]).toBe(`${source}>${OUT}`)
  })
})

describe('1.7: what a master and its slaves have in common', () => {
  const of = (t: Topology, pod: string): Dev => dev(netns(t, pod)!, 'net1')!
  const made = (...edits: readonly Edit[]): Topology =>
    applyAll(world('lan'), [...slaves('l2'), ...edits])
  const set = (pod: string, to: object): Edit =>
    ({ op: 'set', in: pod, table: 'devs', where: { name: 'net1' }, to }) as Edit
  it('MTU and MAC follow the master, both ways', () => {
    const other = made(mtu('node-1', 'eth0', 1400), {
      op: 'set',
      in: 'node-1',
      table: 'devs',
      where: { name: 'eth0' },
      to: { mac: '0a:00:00:00:00:65' },
    })
    expect(of(other, A)).toMatchObject({ mtu: 1400, mac: '0a:00:00:00:00:65' })
    expect(of(applyAll(other, [mtu('node-1', 'eth0', 1500)]), A).mtu).toBe(1500)
  })
  it('one mode: to change one slave’s, or to add one in another, changes all', () => {
    expect(of(made(set(A, { mode: 'l3' })), B)).toMatchObject({ mode: 'l3' })
    const third = { ...of(made(), A), name: 'net2', mode: 'l3s', addrs: [] } as Dev
    expect(of(made({ op: 'add', in: 'node-1', table: 'devs', row: third }), B)).toMatchObject({
      mode: 'l3s',
    })
  })
  it('a file that says two modes is told so', () => {
    const t = made()
    const n = netns(t, A)!
    const two = withSpace(t, {
      ...n,
      devs: n.devs.map((d) => (d.name === 'net1' ? ({ ...d, mode: 'l3' } as Dev) : d)),
    })
    expect(validate(two).map((p) => p.code)).toContain('ipvlan-mode')
  })
  it.each([
    [
      'an address that another slave has',
      set(B, { addrs: ['192.168.0.91/32'] }),
      'Address already assigned to an ipvlan device: net1 has 192.168.0.91',
    ],
    [
      'a MAC of its own',
      set(B, { mac: '06:00:00:00:00:01' }),
      'Operation not supported: net1 has the MAC of eth0',
    ],
    [
      'a port of a bridge',
      {
        op: 'set',
        in: 'node-1',
        table: 'devs',
        where: { name: 'eth0' },
        to: { master: 'docker0' },
      } as Edit,
      'Device or resource busy: eth0 is the master of net1',
    ],
    [
      'a slave on a port of a bridge',
      {
        op: 'add',
        in: 'node-1',
        table: 'devs',
        row: {
          ...of(made(), A),
          name: 'new',
          addrs: [],
          mac: '02:fe:0a:01:0f:02',
          link: { netns: 'node-1', dev: 'veth0' },
        } as Dev,
      } as Edit,
      'Device or resource busy: veth0 is a port of docker0',
    ],
    [
      'a VLAN on a slave',
      {
        op: 'add',
        in: A,
        table: 'devs',
        row: { ...(vlanOn(1, 5) as { row: Dev }).row, link: { netns: A, dev: 'net1' } } as Dev,
      } as Edit,
      'VLANs not supported on device: net1',
    ],
  ])('%s is refused', (_, edit, why) => expect(() => made(edit)).toThrow(why))
  it('with the master they go', () =>
    expect(
      dev(
        netns(made({ op: 'del', in: 'node-1', table: 'devs', where: { name: 'eth0' } }), A)!,
        'net1',
      ),
    ).toBeUndefined())
})

describe('1.9: veth admits four bytes more than its MTU', () => {
  const sent = (size: number): Walk =>
    see('lan', 'ping', {
      edits: [mtu('switch', 'port2', 1400)],
      flow: { from: 'node-1', to: '192.168.0.200', size: size - 28, df: true },
    })
  it('1404 bytes to a receiver of 1400 arrive', () =>
    expect(framesOf(sent(1404), 'echo request').some((f) => f.in === 'switch')).toBe(true))
  it('1405 do not, and the program hears ENOBUFS', () => {
    const w = sent(1405)
    expect([outcomeOf(w), told(w)]).toEqual(['ENOBUFS', 'silence: over-mtu-link in node-1'])
  })
})

const LYFT = 'lyft-ipvlan'
const lyft = (flow: string, c: Change = {}): Walk => see(LYFT, flow, c)
const VETH = vethName(A)
/** Tap, source and destination, TTL of each frame of a message. */
const path = (w: Walk, label: string): string[] =>
  framesOf(w, label).map((f) => `${hop(f)[0]} ${hop(f)[2]} ttl ${hop(f)[4]}`)

describe('3.2: Lyft’s plugin, which way each destination goes (the VPC counts no hop)', () => {
  const [OWN, POD_2] = ['192.168.1.111', '192.168.1.211'] as const
  it('to a pod of another node: by the ENI, and the node does not see it', () => {
    const w = lyft('ping')
    expect(path(w, 'echo request')).toEqual([
      `${A}/eth0 out ${OWN}>${POD_2} ttl 64`,
      `node-1/eth1 out ${OWN}>${POD_2} ttl 64`,
      `node-2/eth1 in ${OWN}>${POD_2} ttl 64`,
      `backend-service-2/eth0 in ${OWN}>${POD_2} ttl 64`,
    ])
    expect(w.steps.some((s) => s.in === 'node-1' && s.decision.kind === 'hook')).toBe(false)
  })
  it('to a pod of the same ENI: out of one and into the other', () =>
    expect(path(lyft('same-node'), 'SYN')).toEqual([
      `${A}/eth0 out ${OWN}>192.168.1.112 ttl 64`,
      `${B}/eth0 in ${OWN}>192.168.1.112 ttl 64`,
    ]))
  it('to another subnet: by the ENI too, to the router that the pod asks for itself', () => {
    const w = lyft('to-other-node', { cold: true })
    expect(
      w.frames.some(
        (f) =>
          f.in === A && f.packet.headers.some((h) => h.kind === 'arp' && h.tpa === '192.168.1.1'),
      ),
    ).toBe(true)
    expect(path(w, 'echo request')[0]).toBe(`${A}/eth0 out ${OWN}>192.168.0.200 ttl 64`)
  })
  it('to the internet: by the pair and the node, as the node', () =>
    expect(path(lyft('to-internet'), 'SYN').slice(0, 3)).toEqual([
      `${A}/eth1 out ${OWN}>203.0.113.10 ttl 64`,
      `node-1/${VETH} in ${OWN}>203.0.113.10 ttl 64`,
      'node-1/eth0 out 192.168.0.100>203.0.113.10 ttl 63',
    ]))
  it('to its own node and from it: by the pair', () => {
    expect(path(lyft('to-own-node'), 'echo request').at(-1)).toBe(
      `node-1/${VETH} in ${OWN}>192.168.0.100 ttl 64`,
    )
    expect(path(lyft('node-to-pod'), 'echo request')).toEqual([
      `node-1/${VETH} out 192.168.0.100>${OWN} ttl 64`,
      `${A}/eth1 in 192.168.0.100>${OWN} ttl 64`,
    ])
  })
  it('from the node to another’s pod: by eth0, never by the ENI', () =>
    expect(path(lyft('node-to-other-pod'), 'echo request')[0]).toBe(
      `node-1/eth0 out 192.168.0.100>${POD_2} ttl 64`,
    ))
})

describe('3.3: the SYN to a Service goes back into its own pod', () => {
  const w = lyft('service')
  it('the way there', () =>
    expect(path(w, 'SYN').map((x) => x.replace(/ 192[^ ]* /, ' '))).toEqual([
      `${A}/eth1 out ttl 64`,
      `node-1/${VETH} in ttl 64`,
      `node-1/${VETH} out ttl 63`,
      `${A}/eth1 in ttl 63`,
      `${A}/eth0 out ttl 62`,
      'node-1/eth1 out ttl 62',
      'node-2/eth1 in ttl 62',
      'backend-service-2/eth0 in ttl 62',
    ]))
  it('translated three times: to the pod behind the Service, to the node’s address, to the pod’s own', () =>
    expect([...new Set(framesOf(w, 'SYN').map((f) => hop(f)[2]))]).toEqual([
      '192.168.1.111>10.96.0.50',
      '192.168.0.100>192.168.1.211',
      '192.168.1.111>192.168.1.211',
    ]))
  it('and the way back', () =>
    expect(path(w, 'SYN-ACK').map((x) => x.replace(/ (?:192|10)[^ ]* /, ' '))).toEqual([
      'backend-service-2/eth0 out ttl 64',
      'node-2/eth1 out ttl 64',
      'node-1/eth1 in ttl 64',
      `${A}/eth0 in ttl 64`,
      `${A}/eth1 out ttl 63`,
      `node-1/${VETH} in ttl 63`,
      `node-1/${VETH} out ttl 62`,
      `${A}/eth1 in ttl 62`,
    ]))
  it('no redirect is sent', () =>
    expect(w.frames.some((f) => f.packet.headers.some((h) => h.kind === 'icmp'))).toBe(false))
  it('without rule 1024 it leaves by the node’s eth0, and works', () => {
    const without = lyft('service', { whatIf: 'no-way-back-in' })
    expect([without.delivered, path(without, 'SYN')[2]]).toEqual([
      true,
      'node-1/eth0 out 192.168.0.100>192.168.1.211 ttl 63',
    ])
  })
})

describe('3.4: what is reached, and what fails', () => {
  it.each([
    ['ping', 'delivered'],
    ['same-node', 'delivered'],
    ['to-internet', 'netfilter'],
  ] as const)('the node drops what it forwards and takes in, %s: %s', (flow, ends) => {
    const w = lyft(flow, { whatIf: 'node-filters' })
    expect(w.loss?.drop.reason ?? 'delivered').toBe(ends)
  })
  it.each([
    ['ping', false],
    ['same-node', true],
    ['to-internet', true],
    ['to-own-node', true],
    ['node-to-pod', true],
  ] as const)('the ENI down, %s arrives: %s', (flow, arrives) =>
    expect(lyft(flow, { whatIf: 'eni-down', cold: true }).delivered).toBe(arrives),
  )
  it('TTL 1 to the internet ends at the node', () =>
    expect(told(lyft('to-internet', { flow: { proto: 'icmp', dport: 0, ttl: 1 } }))).toBe(
      'ICMP 11/0 from 192.168.0.100',
    ))
  it('1500 bytes pass, of 1501 the program hears', () => {
    expect(lyft('large').delivered).toBe(true)
    expect(outcomeOf(lyft('large', { flow: { size: 1473 } }))).toBe('EMSGSIZE')
  })
})
