import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { DROPS } from '#lib/trace/drops.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { dev, netns, type Topology } from '#lib/topology/topology.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { setDev } from '#lib/worlds/what-ifs.ts'
import { TRUNK, vlanOn } from '../verify/link-rows.ts'
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
