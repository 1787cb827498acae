import { expect, it } from 'vitest'
import { layout, type Scene } from '#components/diagram/layout/index.ts'
import { placeOf, spaceOf } from '#components/diagram/place.ts'
import { wayOf } from '#components/diagram/way.ts'
import { flowLog, toFile, toJson, vpc, walk, type Flow, type Topology } from '#lib/index.ts'
import { emptyVpc } from '#lib/topology/topology.ts'
import { labScript } from '#lib/analysis/kernel/lab.ts'
import { SCENARIOS, clusterOf, parseCluster } from '#lib/worlds/all.ts'

/* Ids are the author's: whatever they are, nothing but their text changes. */

/** Ids of AWS as it makes them, which say nothing of what they are ids of. */
const renamed = (t: Topology): ReadonlyMap<string, string> => {
  const v = vpc(t, 'vpc') ?? emptyVpc('vpc', [])
  const ids = [
    ...v.enis.map((e) => e.id),
    ...v.subnets.map((s) => s.id),
    ...v.gateways.map((g) => g.id),
    ...new Set(v.vpcRoutes.map((r) => r.routeTable)),
  ]
  return new Map(
    ids.map((id, i) => [id, `${id.slice(0, id.indexOf('-'))}-0${(7919 * (i + 3)).toString(16)}`]),
  )
}
const inText = (text: string, ids: ReadonlyMap<string, string>): string =>
  [...ids].reduce((all, [from, to]) => all.replaceAll(from, to), text)

/** Everything that is shown of a walk, as text: the picture, the places of its steps, its ways, its flow logs. */
function shown(t: Topology, flow: Flow): string {
  const w = walk(t, flow)
  const scene: Scene = layout(t, w)
  return JSON.stringify([
    toJson(w),
    scene.boxes,
    scene.wires,
    scene.columns,
    w.steps.map((s) => placeOf(scene, s)?.id ?? null),
    scene.boxes.map((b) => spaceOf(t, b)),
    w.messages.map((m) => wayOf(scene, w, m.n).map((x) => x.box.id)),
    flowLog(w),
  ])
}

const FILE = `packet-walk: 1
network: vpc-cni
nodes: [{ name: a-eth0 }, { name: eni-b }]
pods: [{ name: p, node: a-eth0 }, { name: eth1, node: eni-b, eni: eth0 }, { name: q, node: eni-b }]
`
it.each([
  ...Object.entries(SCENARIOS).map(([id, s]) => [id, s.topology, s.flows] as const),
  ...[parseCluster(FILE)].map((s) => ['a file', s.topology, s.flows] as const),
])('%s is shown alike under ids that say nothing', (_, topology, flows) => {
  const ids = renamed(topology)
  const file = JSON.stringify(toFile(topology))
  const [mine, others] = [file, inText(file, ids)].map(
    (text) => clusterOf(JSON.parse(text) as unknown).topology,
  )
  for (const [name, flow] of Object.entries(flows))
    expect(shown(others!, flow) === inText(shown(mine!, flow), ids), name).toBe(true)
  const lab = { title: 'x', command: 'y' }
  expect(labScript(others!, lab) === inText(labScript(mine!, lab), ids), 'lab').toBe(true)
})
