import { describe, expect, it } from 'vitest'
import { fieldsOf, ledger, lockstep, nested, phases, SCENARIOS, walk, type Walk } from '#lib/index.ts'
import { stops } from '#components/lab/stops.ts'
import { walked } from '#components/lab/lab.ts'

const of = (world: string, flow = Object.keys(SCENARIOS[world]!.flows)[0]!): Walk => walk(SCENARIOS[world]!.topology, SCENARIOS[world]!.flows[flow]!)
const last = (w: Walk, message = 0): number => w.steps.findLast((s) => s.message === message)!.n
const story = (w: Walk): number[] => stops(w, 'story').map((s) => s.step)

describe('the places of a walk', () => {
  it('never go back within a packet, and begin again with the next', () => {
    for (const world of Object.keys(SCENARIOS)) for (const flow of Object.keys(SCENARIOS[world]!.flows)) {
      const all = phases(of(world, flow))
      all.slice(1).forEach((p, i) => { if (p.message === all[i]!.message) expect(p.place).toBeGreaterThanOrEqual(all[i]!.place) })
    }
  })
  it('are those of the nodes and the VPC', () => {
    const w = of('flannel-vxlan', 'ping')
    const at = (where: string, message: number): Set<number> => new Set(phases(w).filter((p, i) => w.steps[i]!.in === where && w.steps[i]!.message === message).map((p) => p.place))
    expect([at('web-app-frontend-1', 0), at('node-1', 0), at('vpc', 0), at('node-2', 0), at('backend-service-2', 0)]).toEqual([new Set([0]), new Set([1]), new Set([2]), new Set([3]), new Set([4])])
    expect([at('backend-service-2', 7), at('node-2', 7), at('node-1', 7), at('web-app-frontend-1', 7)]).toEqual([new Set([0]), new Set([1]), new Set([3]), new Set([4])])
  })
})

describe('lockstep', () => {
  const a = of('flannel-udp')
  const b = of('vpc-cni')
  const ticks = lockstep(a, story(a), b, story(b))
  it('shows every stop of both, in order, one step at a time', () => {
    for (const side of ['left', 'right'] as const) {
      expect([...new Set(ticks.map((t) => t[side]))]).toEqual(story(side === 'left' ? a : b).map((_, i) => i))
      ticks.slice(1).forEach((t, i) => expect([0, 1]).toContain(t[side] - ticks[i]![side]))
    }
  })
  it('has both in the same place at the same time', () => {
    for (const t of ticks.filter((x) => x.together)) {
      expect(phases(a)[story(a)[t.left]!]).toEqual(t.phase)
      expect(phases(b)[story(b)[t.right]!]).toEqual(t.phase)
    }
    expect(ticks.filter((t) => t.together).length).toBeGreaterThan(ticks.length * 0.8)
  })
  it('lets one wait where it has nothing to do', () => {
    const same = of('vpc-cni', 'same-node')
    const c = lockstep(a, story(a), same, story(same))
    expect(c.filter((t) => t.phase.place === 2).map((t) => t.together)).not.toContain(true)
    expect(c[c.length - 1]).toMatchObject({ left: story(a).length - 1, right: story(same).length - 1 })
  })
})

describe('the ledger', () => {
  it('counts what flannel udp costs and the VPC CNI does not', () => {
    const overlay = of('flannel-udp')
    const native = of('vpc-cni')
    expect(ledger(overlay, last(overlay))).toMatchObject({ headers: 2, bytes: 60, wrapping: 0, mostHeaders: 5, mostWrapping: 28, crossings: 6, room: 1412, vpcSaw: { src: '192.168.0.100', dst: '192.168.0.200', pods: false } })
    expect(ledger(native, last(native))).toMatchObject({ headers: 2, mostHeaders: 3, mostWrapping: 0, crossings: 2, room: 1440, vpcSaw: { src: '192.168.0.111', dst: '192.168.0.211', pods: true } })
    expect(ledger(overlay, last(overlay)).lookups).toBeGreaterThan(ledger(native, last(native)).lookups)
  })
  it('wraps a frame with vxlan: 50 bytes, in the kernel', () => {
    const w = of('flannel-vxlan')
    expect(ledger(w, last(w))).toMatchObject({ mostWrapping: 50, crossings: 2 })
  })
  it('begins empty and only grows', () => {
    const w = of('flannel-udp')
    expect(ledger(w, 0)).toMatchObject({ lookups: 0, crossings: 1, room: null, vpcSaw: null, needs: [] })
    const told = stops(w, 'kernel').map((s) => ledger(w, s.step))
    told.slice(1).forEach((l, i) => expect(l.lookups).toBeGreaterThanOrEqual(told[i]!.lookups))
    expect(ledger(w, last(w)).needs.some((n) => n.includes('flanneld running'))).toBe(true)
    expect(() => ledger(w, 100_000)).toThrow(/no step/)
  })
})

describe('fields', () => {
  const w = of('flannel-udp')
  const daemon = w.steps.find((s) => s.stage === 'daemon')!
  const wrapped = w.steps.find((s) => s.n > daemon.n && s.stage === 'route-out')!
  it('say what is new and what changed, from the innermost out', () => {
    const now = fieldsOf(wrapped.packet, w.steps.find((s) => s.stage === 'route' && s.in === 'node-1')!.packet)
    expect(now.filter((f) => f.header < 2).every((f) => f.fresh)).toBe(true)
    expect(now.filter((f) => f.was !== null).map((f) => `${f.header} ${f.name} ${f.was} ${f.text}`)).toEqual(['2 ttl 63 62', expect.stringMatching(/^2 checksum 0x\w{4} 0x\w{4}$/)].toSpliced(0, 1, expect.stringMatching(/^2 ttl/)))
  })
  it('hold right checksums everywhere, in every world', () => {
    for (const world of Object.keys(SCENARIOS)) for (const f of of(world).frames) for (const x of fieldsOf(f.packet)) expect(x.right, `${world} ${f.in}/${f.dev} ${x.kind}.${x.name}`).not.toBe(false)
    expect(fieldsOf(wrapped.packet).filter((f) => f.right === true)).toHaveLength(4)
  })
  it('cover every byte of every header, options included', () => {
    expect(fieldsOf(wrapped.packet).find((f) => f.name === 'options')).toMatchObject({ kind: 'tcp', from: 68, to: 88, text: expect.stringMatching(/^mss \d+, sackOK, TS val \d+ ecr 0, nop, wscale 7$/) })
    const covered = new Set(fieldsOf(wrapped.packet).flatMap((f) => Array.from({ length: f.to - f.from }, (_, i) => f.from + i)))
    expect([...covered].toSorted((x, y) => x - y)).toEqual(Array.from({ length: 88 }, (_, i) => i))
  })
})

describe('the three levels of detail', () => {
  it.each(Object.keys(SCENARIOS))('%s: each tells all the one before tells, and drops and asides are in the right ones', (world) => {
    for (const flow of Object.keys(SCENARIOS[world]!.flows)) {
      const w = of(world, flow)
      const [s, n, k] = (['story', 'network', 'kernel'] as const).map((d) => new Set(stops(w, d).map((x) => x.step)))
      expect([...s!].filter((x) => !n!.has(x))).toEqual([])
      expect(k!.size).toBe(w.steps.length)
      expect(s!.size).toBeLessThan(n!.size)
      if (w.loss !== null) expect(s!.has(w.loss.step)).toBe(true)
      expect([...s!].some((x) => w.messages[w.steps[x]!.message]!.kind === 'arp')).toBe(false)
    }
  })
  it('every what-if that ends in a drop shows it in the story', () => {
    let drops = 0
    for (const s of Object.values(SCENARIOS)) for (const id of Object.keys(s.whatIfs)) {
      const { walk: w } = walked(s, s.whatIfs[id]!.flow ?? Object.keys(s.flows)[0]!, [id])
      if (w.loss === null) continue
      drops += 1
      expect(stops(w, 'story').find((x) => x.step === w.loss!.step)?.mark, `${s.id} ${id}`).toBe('drop')
    }
    expect(drops).toBeGreaterThan(10)
  })
})

describe('networks one inside another', () => {
  it.each([['flannel-udp', 3], ['flannel-vxlan', 3], ['flannel-host-gw', 1], ['docker-bridge', 2], ['vpc-cni', 2]] as const)('%s: %i on the way between nodes', (id, n) => {
    const s = SCENARIOS[id]!
    expect(nested(walk(s.topology, Object.values(s.flows)[0]!))).toBe(n)
  })
  it('one where nothing leaves the node', () => {
    const s = SCENARIOS['flannel-udp']!
    expect(nested(walk(s.topology, s.flows['same-node']!))).toBe(1)
  })
})
