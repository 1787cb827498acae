import { describe, expect, it } from 'vitest'
import { layout, type Box } from '#components/diagram/layout/index.ts'
import { crosses, path, route } from '#components/diagram/wire.ts'
import { stops } from '#components/figure/store/stops.ts'
import { flowNames, walked } from '#components/figure/store/walked.ts'
import { walk } from '#lib/index.ts'
import { SCENARIOS, parseCluster } from '#lib/worlds/all.ts'

describe('the picture', () => {
  it('stops in a story at one piece of a packet that is cut, in a network at each', () => {
    const { walk: w } = walked(SCENARIOS['flannel-vxlan']!, { flow: 'large-no-df' })
    const holds = (detail: 'story' | 'network'): number =>
      stops(w, detail).filter((x) => {
        const d = w.steps[x.step]!.decision
        return d.kind === 'fragments' && d.did === 'hold'
      }).length
    // Of three pieces two are held, and the last completes them.
    expect(holds('network')).toBe(2 * holds('story'))
    expect(holds('story')).toBeGreaterThan(3)
  })
  it('tells a wire that crosses a box', () => {
    const at = (id: string, x: number, y: number): Box => ({
      id,
      kind: 'nic',
      x,
      y,
      w: 40,
      h: 20,
      label: id,
      sub: '',
      title: id,
      space: 'n',
      machine: null,
      used: true,
      side: 1,
    })
    const [a, b, c] = [at('a', 0, 0), at('b', 100, 0), at('c', 200, 0)]
    const scene = {
      width: 300,
      height: 100,
      boxes: [a, b, c],
      wires: [],
      columns: [],
      vpc: null,
      more: 0,
    }
    const straight = [
      [20, 0],
      [180, 0],
    ] as const
    expect(crosses(scene, [a, c], straight)?.id).toBe('b')
    expect(crosses(scene, [a, c], route(scene, a, c))).toBeNull()
  })
  it('names no machine by 127.0.0.1', () => {
    expect(Object.fromEntries(flowNames(SCENARIOS['docker-bridge']!))['loopback']).toBe(
      'node-1 → 127.0.0.1:8080',
    )
  })
  it('is the same for the same rows, and holds for 8 nodes with 12 pods', () => {
    const big = parseCluster('packet-walk: 1\nnetwork: flannel-vxlan\ncount: 8\npodsPerNode: 12\n')
    const pods = big.topology.source.names.filter(
      (n) => big.topology.source.derive(n)?.kind === 'netns',
    )
    const from = pods.find((n) => {
      const s = big.topology.source.derive(n)
      return s?.kind === 'netns' && s.role === 'pod'
    })!
    const w = walk(big.topology, {
      from,
      to: '8.8.8.8',
      proto: 'icmp',
      dport: 0,
      size: 56,
      ttl: 64,
    })
    const scene = layout(big.topology, w)
    expect(scene).toEqual(layout(big.topology, w))
    // What takes no part is counted.
    expect(scene.columns).toHaveLength(1)
    expect(scene.boxes.filter((b) => b.kind === 'more').map((b) => b.label)).toEqual([
      '11 more pods',
      '7 more nodes',
    ])
    const [pod, veth] = scene.boxes
    expect(path(route(scene, pod!, veth!))).toMatch(/^M([\d.]+),[\d.]+L\1,[\d.]+$/)
  })
})
