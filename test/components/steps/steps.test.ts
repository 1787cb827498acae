import { describe, expect, it } from 'vitest'
import { after, asked, begun, filled, FORMS, isDone } from '#components/steps/forms.ts'
import { legsOf } from '#components/steps/legs.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { keys } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'

const of = {
  id: 'w',
  scenario: 'flannel-vxlan',
  flow: 'frontend-1-to-backend-2',
  whatIfs: [],
} as const
const legs = await legsOf(of)

describe('a walk, place by place', () => {
  it('is the way of its question', () => {
    const world = SCENARIOS[of.scenario]!
    const made = walk(world.topology, world.flows[of.flow]!)
    const way = legs.map((l) => l.to)
    expect(legs[0]!.from).toBe('web-app-frontend-1')
    expect(way.slice(0, -1)).toEqual(legs.slice(1).map((l) => l.from))
    expect(way).toContain('node-1/flannel.1')
    expect(way.some((p) => p.startsWith('vpc/'))).toBe(true)
    for (const l of legs) {
      expect(keys(made)).toContain(l.key)
      expect(l.said).not.toBe('')
    }
  })
  it('has other places to choose from, each once', () => {
    for (const l of legs) {
      expect(l.options.length, l.key).toBeGreaterThan(1)
      expect(new Set(l.options).size, l.key).toBe(l.options.length)
      expect(l.options, l.key).not.toContain(l.from)
    }
  })
  it('asks for rows where a table decides, each of which is one of its own', () => {
    const rows = legs.filter((l) => l.asks === 'row')
    expect(rows.map((l) => l.from)).toEqual([
      'web-app-frontend-1',
      'node-1/docker0',
      'node-1',
      'node-2/flannel.1',
    ])
    const docker0 = rows.find((l) => l.from === 'node-1/docker0')!
    expect(docker0.options[docker0.right]).toBe('10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink')
    expect(docker0.options).toContain('default via 192.168.0.1 dev eth0')
    // Places are asked for where a wire or the VPC leads.
    expect(legs.filter((l) => l.asks === 'place').every((l) => l.options[l.right] === l.to)).toBe(
      true,
    )
  })
  it('asks which of its rows gives a frame its MAC, and which says where a MAC is', () => {
    const of = (asks: string) => legs.filter((l) => l.asks === asks)
    expect(of('neigh').map((l) => l.from)).toEqual(['web-app-frontend-1/eth0', 'node-1/eth0'])
    expect(of('fdb').map((l) => l.from)).toEqual(['node-1/flannel.1', 'node-2/docker0'])
    const tunnel = of('fdb')[0]!
    expect(tunnel.options[tunnel.right]).toBe(
      '5a:00:00:00:14:00 dev flannel.1 dst 192.168.0.200 self permanent',
    )
    // The other two of the three rows that flanneld wrote stand beside it.
    expect(tunnel.options).toEqual(
      expect.arrayContaining([
        '10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink',
        '10.1.20.0 dev flannel.1 lladdr 5a:00:00:00:14:00 PERMANENT',
      ]),
    )
    const [bridge] = of('fdb').slice(-1)
    expect(bridge!.options.every((o) => !o.includes('mtu'))).toBe(true)
  })
  it('of a switch, that has no other table, has rows of other MACs', async () => {
    const lan = await legsOf({ ...of, scenario: 'lan' })
    const at = lan.find((l) => l.from === 'switch/br0')!
    expect(at.options).toEqual([
      '0a:00:00:00:00:64 dev port2 master br0',
      '0a:00:00:00:00:c8 dev port3 master br0',
    ])
    expect(at.right).toBe(1)
  })
  it('asks for the addresses where a rule exchanges one, a ping’s too', async () => {
    const names = async (scenario: string, flow: string) =>
      (await legsOf({ ...of, scenario, flow })).filter((l) => l.asks === 'names')
    const [out, ...more] = await names('docker-ports', 'b-to-c')
    expect(more).toEqual([])
    expect(out!.from).toBe('node-1/eth0')
    expect(out!.options).toEqual([
      '172.17.0.1 → 192.168.0.200',
      '172.17.0.3 → 192.168.0.200',
      '192.168.0.100 → 192.168.0.200',
    ])
    expect(out!.right).toBe(2)
    const [ping] = await names('flannel-vxlan', 'to-node')
    expect(ping!.options[ping!.right]).toBe('192.168.0.100 → 192.168.0.200')
    expect(ping!.options).toContain('10.1.15.0 → 192.168.0.200')
    expect(legs.filter((l) => l.asks === 'names')).toEqual([])
  })
  it('that is not there is refused', async () => {
    await expect(legsOf({ ...of, flow: 'pigeon' })).rejects.toThrow(/has no flow pigeon/)
  })
})

describe('its forms', () => {
  it('tell all, ask every other place, ask every place', () => {
    const asks = FORMS.map((f) => legs.filter((_, i) => asked(f, i)).length)
    expect(asks).toEqual([0, Math.floor(legs.length / 2), legs.length])
    expect(isDone(begun('whole', legs))).toBe(true)
    expect(begun('half', legs).said).toEqual([null])
  })
  it('are done when every place is filled, by a guess or shown', () => {
    let f = begun('half', legs)
    while (!isDone(f)) f = filled(f, f.said.length === 1 ? null : legs[f.said.length]!.right)
    expect(f.said.length).toBe(legs.length)
    expect(f.said[1]).toBeNull()
    expect(filled(f, 0)).toBe(f)
  })
  it('are offered one after the other', () => {
    expect([null, ...FORMS].map(after)).toEqual(['whole', 'half', 'blank', 'blank'])
  })
})
