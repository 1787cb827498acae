import { describe, expect, it } from 'vitest'
import { layout, type Box } from '#components/diagram/layout.ts'
import { footOf } from '#components/diagram/Picture.tsx'
import { placeOf } from '#components/diagram/place.ts'
import { envelopes } from '#components/diagram/token.ts'
import { along, legsOf, passage, wayOf, wiresOf } from '#components/diagram/way.ts'
import { crosses, ends, path, route } from '#components/diagram/wire.ts'
import { mostRows, rowsOf } from '#components/lane/Lane.tsx'
import { flowNames, otherDraw, reduce, walked } from '#components/lab/lab.ts'
import { read, stepOf, write } from '#components/lab/link.ts'
import { stops } from '#components/lab/stops.ts'
import { parseCluster, refsOf, SCENARIOS, walk } from '#lib/index.ts'

const home = { scenario: 'flannel-udp', flow: 'ping' }
const state = { scenario: 'flannel-vxlan', flow: 'ping', whatIfs: ['delete-fdb'], step: 3, detail: 'story', against: null, draw: null } as const

describe('links', () => {
  it('say and read the same, and leave other figures their part', () => {
    const hash = write('#other=1;a;b;;c&heading', 'f', { ...state, whatIfs: Object.keys(SCENARIOS['flannel-vxlan']!.whatIfs).slice(0, 2) }, 'node-1/flannel.1 xmit#2')
    expect(hash).toContain('other=1;a;b;;c')
    expect(read(hash, 'f', home)).toMatchObject({ scenario: 'flannel-vxlan', flow: 'ping', key: 'node-1/flannel.1 xmit#2', notice: null })
    expect(read(hash, 'g', home)).toBeNull()
  })
  it.each(['#f=2;a;b;c;d', '#f=1;gone;ping;;x', '#f=1;flannel-udp;gone;;x', '#f=1;flannel-udp;ping;gone;x', '#f=1;__proto__;x;y;z', '#f='])('%s falls back with a notice', (hash) => {
    const l = read(hash, 'f', home)!
    expect(l.notice).toMatch(/link/)
    expect(SCENARIOS[l.scenario]?.flows[l.flow]).toBeDefined()
  })
  it('a step key that is gone goes to the nearest', () => {
    expect(stepOf(['a x', 'b y'], 'b y')).toEqual({ step: 1, exact: true })
    expect(stepOf(['a x', 'b y'], 'b y#7')).toEqual({ step: 1, exact: false })
    expect(stepOf(['a x', 'b y'], 'c z')).toEqual({ step: 0, exact: false })
  })
})

describe('the picture', () => {
  it.each(Object.keys(SCENARIOS))('%s: every stop has a place, no two boxes overlap, every wire ends at boxes', (id) => {
    const s = SCENARIOS[id]!
    for (const flow of Object.keys(s.flows)) {
      const { walk: w, topology } = walked(s, flow, [])
      const scene = layout(topology, w)
      for (const stop of stops(w, 'story')) expect(placeOf(scene, w.steps[stop.step]!), `${flow} ${w.steps[stop.step]!.in} ${w.steps[stop.step]!.dev ?? ''} ${w.steps[stop.step]!.stage}`).not.toBeNull()
      for (const [i, a] of scene.boxes.entries()) for (const b of scene.boxes.slice(i + 1)) expect(Math.abs(a.x - b.x) >= (a.w + b.w) / 2 || Math.abs(a.y - b.y) >= (a.h + b.h) / 2, `${a.id} and ${b.id}`).toBe(true)
      for (const [a, b] of scene.wires) for (const end of [a, b]) expect(scene.boxes.some((x) => x.id === end), end).toBe(true)
      for (const b of scene.boxes) expect(b.x - b.w / 2 >= 0 && b.x + b.w / 2 <= scene.width && b.y + b.h / 2 <= scene.height, b.id).toBe(true)
    }
  })
  it.each(Object.keys(SCENARIOS))('%s: with each what-if and each flow, every stop of either picture has a place, and no node goes away', (id) => {
    const s = SCENARIOS[id]!
    for (const flow of Object.keys(s.flows)) {
      const whole = walked(s, flow, [])
      const columns = layout(whole.topology, whole.walk).columns.length
      for (const w of Object.keys(s.whatIfs)) {
        const now = walked(s, flow, [w])
        for (const narrow of [false, true]) {
          const scene = layout(now.topology, now.walk, narrow)
          for (const x of stops(now.walk, 'story')) expect(placeOf(scene, now.walk.steps[x.step]!), `${flow}, ${w}, ${narrow ? 'narrow, ' : ''}${now.keys[x.step]}`).not.toBeNull()
          if (!narrow) expect(scene.columns.length, `${flow}, ${w}`).toBe(columns)
        }
      }
    }
  })
  it.each(Object.keys(SCENARIOS))('%s: no wire and no way crosses a box', (id) => {
    const s = SCENARIOS[id]!
    for (const flow of Object.keys(s.flows)) {
      const { walk: w, topology } = walked(s, flow, [])
      const scene = layout(topology, w)
      const by = (name: string): Box => scene.boxes.find((b) => b.id === name)!
      const runs = [...scene.wires.map(([a, b]) => [by(a), by(b)] as const), ...w.messages.flatMap((m) => legsOf(wayOf(scene, w, m.n), 0).map((l) => [l.from, l.to] as const))]
      expect(runs.length).toBeGreaterThan(10)
      for (const [a, b] of runs) {
        expect(crosses(scene, a, b, route(scene, a, b))?.id, `${flow}: ${a.id} to ${b.id}`).toBeUndefined()
      }
    }
  })
  it('draws a circle once, however often the packet goes round it', () => {
    const { walk: w, topology } = walked(SCENARIOS['vpc-cni']!, 'same-node', ['delete-rule-512'])
    const scene = layout(topology, w)
    const way = wayOf(scene, w, 0)
    const [round, later] = [legsOf(way, 100), wiresOf(way, 100)]
    expect(round.length).toBeGreaterThan(100)
    expect(new Set(later.map((l) => `${l.from.id}|${l.to.id}`)).size).toBe(later.length)
    expect(later.length).toBeLessThan(20)
    // A wire is done when it was passed once; in the first round there are some that were not.
    for (const l of later) expect(l.done, `${l.from.id} to ${l.to.id}`).toBe(round.some((r) => r.done && r.from.id === l.from.id && r.to.id === l.to.id))
    expect(wiresOf(way, 0).some((l) => l.done)).toBe(false)
  })
  it('knows where on its passage the token is, by the share of the length', () => {
    const { walk: w, topology } = walked(SCENARIOS['flannel-vxlan']!, 'frontend-1-to-backend-2', [])
    const scene = layout(topology, w)
    const way = wayOf(scene, w, 0)
    const { points, times, length } = passage(scene, way, way[0]!.n, way.at(-1)!.n, [way[0]!.box.x, way[0]!.box.y], [way.at(-1)!.box.x, way.at(-1)!.box.y])
    expect(points.length).toBeGreaterThan(5)
    expect(along(points, times, 0)).toEqual(points[0])
    expect(along(points, times, 1)).toEqual(points.at(-1))
    // A hundredth of the time is a hundredth of the length: no jump at a corner.
    for (let i = 0; i < 100; i += 1) {
      const [[ax, ay], [bx, by]] = [along(points, times, i / 100), along(points, times, (i + 1) / 100)]
      expect(Math.abs(ax - bx) + Math.abs(ay - by)).toBeLessThanOrEqual(length * 0.0101 * Math.SQRT2)
    }
    expect(along([[0, 0], [10, 0], [10, 30]], [0, 0.25, 1], 0.625)).toEqual([10, 15])
  })
  it('a long way is shown in stretches on a phone, with room for the longest', () => {
    const { walk: w, topology } = walked(SCENARIOS['vpc-cni']!, 'same-node', ['delete-rule-512'])
    const scene = layout(topology, w)
    const list = stops(w, 'story')
    expect(rowsOf(scene, w, list, 0).length).toBeGreaterThan(100)
    expect(mostRows(scene, w, list)).toBe(42)
  })
  it.each(Object.keys(SCENARIOS))('%s: the packet, with what is around it, stands on no other box and in the picture', (id) => {
    const s = SCENARIOS[id]!
    for (const flow of Object.keys(s.flows)) {
      const { walk: w, topology } = walked(s, flow, [])
      const scene = layout(topology, w)
      for (const { step } of stops(w, 'network')) {
        const here = placeOf(scene, w.steps[step]!)
        if (here === null) continue
        const { w: wide, h } = envelopes(w, w.steps[step]!).at(-1)!
        const [top, foot] = [footOf(here) - h, footOf(here)]
        const on = scene.boxes.filter((b) => b.id !== here.id && Math.abs(b.x - here.x) < (b.w + wide) / 2 && top < b.y + b.h / 2 && foot > b.y - b.h / 2)
        expect(on.map((b) => b.id), `${flow}: ${w.steps[step]!.in} ${w.steps[step]!.stage}`).toEqual([])
        expect(here.x - wide / 2 >= 0 && here.x + wide / 2 <= scene.width && top >= 0, flow).toBe(true)
      }
    }
  })
  it('tells a wire that crosses a box', () => {
    const at = (id: string, x: number, y: number): Box => ({ id, kind: 'nic', x, y, w: 40, h: 20, label: id, sub: '', title: id })
    const [a, b, c] = [at('a', 0, 0), at('b', 100, 0), at('c', 200, 0)]
    const scene = { width: 300, height: 100, boxes: [a, b, c], wires: [], columns: [], bands: [], more: null }
    expect(crosses(scene, a, c, ends(a, c))?.id).toBe('b')
    expect(crosses(scene, a, c, route(scene, a, c))).toBeNull()
  })
  it('has one band less where the VPC owns the pods, and its ways are less deep', () => {
    const deep = (id: string): number => { const s = SCENARIOS[id]!; const { walk: w, topology } = walked(s, 'frontend-1-to-backend-2', []); return layout(topology, w).height }
    const bands = (id: string): string[] => { const s = SCENARIOS[id]!; const { walk: w, topology } = walked(s, 'frontend-1-to-backend-2', []); return layout(topology, w).bands.map((b) => b.kind) }
    expect(bands('flannel-udp')).toEqual(['pod', 'node', 'vpc', 'physical'])
    expect(bands('vpc-cni')).toEqual(['node', 'vpc', 'physical'])
    expect(deep('vpc-cni')).toBeLessThan(deep('flannel-udp'))
  })
  it('is the same for the same rows, and holds for 8 nodes with 12 pods', () => {
    const big = parseCluster('packet-walk: 1\nnetwork: flannel-vxlan\ncount: 8\npodsPerNode: 12\n')
    const pods = big.topology.source.names.filter((n) => big.topology.source.derive(n)?.kind === 'netns')
    const from = pods.find((n) => { const s = big.topology.source.derive(n); return s?.kind === 'netns' && s.role === 'pod' })!
    const w = walk(big.topology, { from, to: '8.8.8.8', proto: 'icmp', dport: 0, size: 56, ttl: 64 })
    const scene = layout(big.topology, w)
    expect(scene).toEqual(layout(big.topology, w))
    expect(scene.columns.map((c) => c.name).filter((n) => n !== 'outside')).toHaveLength(8)
    expect(scene.boxes.some((b) => b.kind === 'more')).toBe(true)
    expect(path(ends(scene.boxes[0]!, scene.boxes[1]!))).toMatch(/^M([\d.]+),[\d.]+L\1,[\d.]+$/)
  })
})

describe('the state', () => {
  it('changes world, flow and what-ifs, and begins again where it must', () => {
    expect(reduce({ ...state }, { type: 'scenario', scenario: 'vpc-cni' })).toMatchObject({ scenario: 'vpc-cni', flow: 'ping', whatIfs: [], step: 0 })
    expect(reduce({ ...state }, { type: 'scenario', scenario: 'nowhere' })).toEqual(state)
    expect(reduce({ ...state }, { type: 'toggle', whatIf: 'delete-fdb' }).whatIfs).toEqual([])
    expect(reduce({ ...state }, { type: 'go', step: 9 }).step).toBe(9)
  })
  it('draws again until the packet goes another way, and comes round', () => {
    for (const s of Object.values(SCENARIOS).filter((x) => x.flows['service'] !== undefined)) {
      const reached = (draw: number | null): string => { const w = walked(s, 'service', [], [], draw).walk; return w.steps.find((x) => x.decision.kind === 'socket' && x.in.startsWith('backend'))?.in ?? 'lost' }
      const at = { flow: 'service', whatIfs: [], draw: null }
      const next = otherDraw(s, at, [])
      expect(next, s.id).not.toBeNull()
      expect(reached(next), s.id).not.toBe(reached(null))
      // Two endpoints: the one after it is the first again, which is the flow's own draw.
      expect(otherDraw(s, { ...at, draw: next }, []), s.id).toBeNull()
    }
    expect(otherDraw(SCENARIOS['flannel-udp']!, { flow: 'ping', whatIfs: [], draw: null }, [])).toBeNull()
    expect(reduce({ ...state }, { type: 'draw', draw: 7 })).toMatchObject({ step: 3, draw: 7, whatIfs: ['delete-fdb'] })
    expect(reduce({ ...state, draw: 7 }, { type: 'flow', flow: 'ping' }).draw).toBeNull()
  })
  it('a draw is in the link, and nothing else is taken for one', () => {
    const hash = write('', 'f', { ...state, draw: 12 }, 'a b')
    expect(read(hash, 'f', home)).toMatchObject({ draw: 12, detail: 'story', against: null, notice: null })
    for (const bad of ['-1', 'x', '1e9', '99999999999', '1.5']) expect(read(hash.replace(';12', `;${bad}`), 'f', home)?.draw, bad).toBeNull()
    expect(write('', 'f', state, 'a b')).not.toContain('.view')
  })
  it('a random rule that did not match is a near miss', () => {
    const steps = [null, otherDraw(SCENARIOS['flannel-udp']!, { flow: 'service', whatIfs: [], draw: null }, [])].map((draw) => walked(SCENARIOS['flannel-udp']!, 'service', [], [], draw).walk.steps.find((x) => x.decision.kind === 'hook' && x.decision.draws !== undefined)!)
    expect(steps.map((x) => refsOf(x.decision).rejected.length).toSorted()).toEqual([0, 1])
  })
  it.each(Object.keys(SCENARIOS))('%s: what is sent has a name of its own, by the names in the picture', (id) => {
    const names = flowNames(SCENARIOS[id]!).map(([, name]) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names[0]).toBe(id === 'docker-bridge' ? 'frontend-1 → node-2:8080' : 'frontend-1 → backend-2:8080')
    expect(names.filter((n) => n.length > 46)).toEqual([])
  })
  it('what-ifs that cannot go together are named, not thrown', () => {
    const s = SCENARIOS['flannel-udp']!
    const w = walked(s, 'ping', ['stop-flanneld', 'drop-route'])
    expect(w.problem).toContain('routes')
    expect(w.walk.delivered).toBe(false)
  })
})
