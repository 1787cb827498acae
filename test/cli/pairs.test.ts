import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairsOf } from '#lib/cli/pairs.ts'
import { walk } from '#lib/index.ts'
import { top } from './run.ts'
import { SCENARIOS, parseCluster } from '#lib/worlds/all.ts'

const cluster = (extra: object): ReturnType<typeof parseCluster>['topology'] =>
  parseCluster(JSON.stringify({ 'packet-walk': 1, network: 'flannel-vxlan', ...extra })).topology
const names = (t: ReturnType<typeof cluster>, most = 64): string[] =>
  pairsOf(t, most).sent.map((x) => x.name)

describe('the pairs of a file', () => {
  const example = parseCluster(readFileSync(join(top, 'public/example.yaml'), 'utf8')).topology
  it('every pod to every other pod and host, and each Service once', () => {
    expect(names(example).toSorted()).toEqual(
      [
        'web → backend:80',
        'web → api-1',
        'web → api-2',
        'web → internet',
        'api-1 → web',
        'api-1 → api-2',
        'api-1 → internet',
        'api-2 → web',
        'api-2 → api-1',
        'api-2 → internet',
      ].toSorted(),
    )
    expect(pairsOf(example, 64).of).toBe(10)
    for (const { name, flow } of pairsOf(example, 64).sent)
      expect(walk(example, flow).delivered, name).toBe(
        name !== 'web → internet' && name !== 'api-1 → internet',
      )
  })
  it('a Service by its own protocol, on each of its ports', () => {
    const t = cluster({
      nodes: [{ name: 'n', ip: '192.168.0.10' }],
      pods: [{ name: 'a', node: 'n' }],
      services: [
        { name: 'dns', portName: 'x', port: 53, protocol: 'udp', pods: ['a'] },
        { name: 'dns', portName: 'y', port: 53, protocol: 'tcp', pods: ['a'] },
      ],
    })
    expect(names(t)).toEqual(expect.arrayContaining(['a → dns:53', 'a → dns:53 udp']))
  })
  it('of 40 pods as many as there is room for: each sends, each is sent to (and a host), and how many there are is said', () => {
    const t = cluster({ count: 4, podsPerNode: 10 })
    const { sent, of } = pairsOf(t, 64)
    expect([sent.length, of]).toEqual([64, 40 * 39 + 40])
    const [from, to] = [0, 1].map((i) => new Set(sent.map((x) => x.name.split(' → ')[i])))
    expect([from!.size, to!.size]).toEqual([40, 41])
    expect(new Set(sent.map((x) => x.name)).size).toBe(64)
  })
  it('nodes, where there are no pods; nothing, where there is nothing', () => {
    expect(
      names(
        cluster({
          nodes: [
            { name: 'n', ip: '192.168.0.10' },
            { name: 'm', ip: '192.168.0.11' },
          ],
        }),
      ).filter((x) => !x.includes('internet')),
    ).toEqual(['n → m', 'm → n'])
    expect(names(cluster({ nodes: [{ name: 'n', ip: '192.168.0.10' }], hosts: [] }))).toEqual([])
  })
  it('containers only where their addresses are their own', () => {
    const said = names(SCENARIOS['docker-bridge']!.topology)
    expect(said).toContain('web-app-frontend-1 → backend-service-1')
    expect(said).not.toContain('web-app-frontend-1 → backend-service-2')
    expect(said).toContain('web-app-frontend-1 → internet')
  })
})
