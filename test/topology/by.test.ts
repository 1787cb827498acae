import { expect, it } from 'vitest'
import { apply } from '#lib/topology/apply.ts'
import { provenance, type By } from '#lib/topology/by.ts'
import { toFile } from '#lib/topology/file.ts'
import { emptyNetns, fromSpaces, netns, type Topology } from '#lib/topology/topology.ts'
import { build, type Unsigned } from '#lib/worlds/cluster/patch.ts'

const FLANNELD: By = { who: 'flanneld', after: 'lease-added' }
const patches = (by: By | null): Unsigned[] => [
  {
    in: 'n',
    rows: {
      routes: [{ table: 'main', dst: '10.1.1.0/24', dev: 'br0' }],
      rules: [{ priority: 512, table: '7' }],
    },
    ...(by === null ? {} : { by: { who: 'kernel', after: 'address-added' } }),
  },
  {
    in: 'n',
    rows: { routes: [{ table: 'main', dst: '10.1.2.0/24', dev: 'vx0' }] },
    ...(by === null ? {} : { by }),
  },
  { in: 'n', rows: { sysctls: [{ key: 'net.ipv4.ip_forward', value: 1 }] } },
]
const world = (by: By | null): Topology =>
  fromSpaces([build(emptyNetns('n', 'n', 'node'), patches(by))])
const route = (row: number) => ({ in: 'n', table: 'routes', row }) as const

it('a row says who wrote it, after which event', () => {
  const t = world(FLANNELD)
  expect(provenance(t, route(0))).toEqual({ who: 'kernel', after: 'address-added' })
  expect(provenance(t, route(1))).toBe(FLANNELD)
  // Rules are put in order of their priorities.
  const rules = netns(t, 'n')!.rules.map((_, row) =>
    provenance(t, { in: 'n', table: 'rules', row }),
  )
  expect(rules.map((by) => by?.after)).toEqual([
    'namespace-created',
    'address-added',
    'namespace-created',
    'namespace-created',
  ])
  expect(provenance(t, { in: 'n', table: 'sysctls', row: 0 })).toBeNull()
  expect(provenance(t, route(2))).toBeNull()
  expect(provenance(t, { ...route(0), in: 'm' })).toBeNull()
})

it('an edit makes a row its own, and leaves the others to who wrote them', () => {
  const t = apply(world(FLANNELD), {
    op: 'set',
    in: 'n',
    table: 'routes',
    where: { dst: '10.1.1.0/24' },
    to: { type: 'blackhole', dev: undefined } as never,
  })
  expect(provenance(t, route(0))).toBeNull()
  expect(provenance(t, route(1))).toBe(FLANNELD)
})

it('is no part of the row', () => {
  expect(toFile(world(FLANNELD))).toStrictEqual(toFile(world(null)))
  expect(netns(world(FLANNELD), 'n')).toStrictEqual(netns(world(null), 'n'))
})
