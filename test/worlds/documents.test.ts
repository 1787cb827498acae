import { describe, expect, it } from 'vitest'
import { layout } from '#components/diagram/layout/index.ts'
import { explain } from '#lib/words/index.ts'
import { apply, applyAll } from '#lib/topology/apply.ts'
import { provenance } from '#lib/topology/by.ts'
import { EditError, type Edit, type Splice } from '#lib/topology/edit.ts'
import { TABLES } from '#lib/topology/rows.ts'
import { netns, spaces, tablesOf, vpc, type Space, type Topology } from '#lib/topology/topology.ts'
import { ipOf } from '#lib/wire/packet.ts'
import { eniId } from '#lib/worlds/cluster/spec.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { walk } from '#lib/walk/walk.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { WORLDS } from '#lib/worlds/index.ts'
import { DOCUMENTS } from '#lib/worlds/titles.ts'

/* Worlds that are models of documents: that they say so, and that each of their rows does something. */

const OF_DOCUMENTS = Object.values(SCENARIOS).filter((s) => s.entry.documents === true)

it('say so in their titles and before all else that they leave out, and no others do', () => {
  expect(OF_DOCUMENTS.map((s) => s.id)).toEqual(['fargate', 'gke-native'])
  for (const s of Object.values(SCENARIOS)) {
    const says = s.entry.documents === true
    expect(s.title.endsWith('(a model of documents)'), s.id).toBe(says)
    expect(s.leavesOut[0] === DOCUMENTS, s.id).toBe(says)
    expect(s.sources.every((x) => x.startsWith('https://'))).toBe(true)
  }
  expect(WORLDS.length).toBe(Object.keys(SCENARIOS).length)
})

type Rows = Readonly<Record<string, readonly object[]>>
/** What happens on a walk, whichever row says it: rows have numbers, and one that goes moves those behind it. */
function happens(w: Walk): string {
  return JSON.stringify(
    w.steps.map((x) => [x.in, x.dev, x.stage, x.decision.kind, x.packet.headers, x.drop?.reason]),
  )
}

/** The topology without a row; null where nothing takes it away. */
function without(t: Topology, s: Space, { table, at }: { table: string; at: number }) {
  const row = (s as unknown as Rows)[table]![at]!
  const edit = (
    table === 'devs'
      ? { op: 'del', in: s.name, table, where: { name: (row as { name: string }).name } }
      : { op: 'splice', in: s.name, table, cuts: [{ at, out: [row], put: [] }] }
  ) as Edit | Splice
  try {
    return apply(t, edit)
  } catch (error) {
    if (error instanceof EditError) return null
    throw error
  }
}

/** Rows that no flow of a world notices the loss of, each with who wrote it, as `ip`, `iptables-save` and `aws` print it. */
function unused(t: Topology, flows: readonly Flow[]): readonly string[] {
  const walks = flows.map((flow) => {
    const w = walk(t, flow)
    return { flow, says: happens(w), on: new Set(w.steps.map((x) => x.in)) }
  })
  return spaces(t).flatMap((s) =>
    tablesOf(s).flatMap((table) =>
      (s as unknown as Rows)[table]!.flatMap((row, at) => {
        const left = without(t, s, { table, at })
        if (left === null) return [`${s.name} ${table}: stays`]
        const here = walks.filter((x) => x.on.has(s.name))
        if (here.some((x) => happens(walk(left, x.flow)) !== x.says)) return []
        const text = (TABLES as Readonly<Record<string, { text(r: object): string }>>)[table]!
        const by = provenance(t, { in: s.name, table, row: at })
        return [`${s.name} ${table}, ${by?.who ?? 'nobody'}: ${text.text(row)}`]
      }),
    ),
  )
}

describe.each(OF_DOCUMENTS.map((s) => [s.id, s] as const))('%s', (id, s) => {
  it('each row changes a walk when it is gone, or stands among those that do nothing here', async () => {
    await expect(`${unused(s.topology, Object.values(s.flows)).join('\n')}\n`).toMatchFileSnapshot(
      `golden/unused-${id}.txt`,
    )
  }, 120_000)
})

const asked = (id: string, whatIf: string | null, flow?: string): Walk => {
  const s = SCENARIOS[id]!
  const w = whatIf === null ? null : s.whatIfs[whatIf]!
  const name = flow ?? w?.flow ?? Object.keys(s.flows)[0]!
  return walk(applyAll(s.topology, w?.edits ?? []), s.flows[name]!)
}
const stages = (w: Walk, of: string): readonly string[] =>
  w.steps.filter((x) => x.in === of).map((x) => x.stage)

describe('Fargate', () => {
  it('has no way between pods but by both their interfaces, on which each pod’s own address is seen', () => {
    const s = SCENARIOS['fargate']!
    const pods = s.topology.source.names.filter((n) => netns(s.topology, n)?.role === 'pod')
    for (const from of pods)
      for (const to of pods.filter((x) => x !== from)) {
        const w = walk(s.topology, resolveFlow(s.topology, { from, to, proto: 'icmp' }))
        expect(w.delivered, `${from} → ${to}`).toBe(true)
        for (const stage of ['sg-egress', 'vpc-encap', 'sg-ingress'])
          expect(stages(w, 'vpc')).toContain(stage)
        const { ips } = vpc(s.topology, 'vpc')!.enis.find((e) => e.attached.netns === from)!
        const seen = w.steps.find((x) => x.stage === 'sg-ingress')!
        expect(ipOf(seen.packet)?.src).toBe(ips[0])
      }
  })
  it('is open within by the cluster’s group alone, kubelet too; a group of a pod’s own shuts it', () => {
    expect(asked('fargate', null, 'to-kubelet').delivered).toBe(true)
    expect(asked('fargate', 'own-group', 'frontend-1-to-backend-2').delivered).toBe(true)
    for (const flow of ['to-kubelet', 'ping'])
      expect(asked('fargate', 'own-group', flow).loss?.drop).toMatchObject({
        reason: 'security-group',
        groups: ['sg-backend'],
      })
  })
  it('asks its own pod whether it lives without a frame on the interface', () => {
    const w = asked('fargate', null, 'probe')
    expect(new Set(w.steps.map((x) => x.dev).filter((d) => d !== null))).toEqual(new Set(['lo']))
    expect(stages(w, 'vpc')).toEqual([])
  })
  it.each([
    ['service', '192.168.0.211'],
    ['service-hairpin', '192.168.0.112'],
  ])('%s: kube-proxy of the sender’s machine chooses %s', (flow, ip) => {
    const w = asked('fargate', null, flow)
    const drew = w.steps.filter((x) => x.decision.kind === 'hook' && x.decision.draws !== undefined)
    expect(drew.map((x) => [x.in, x.stage])).toEqual([
      [SCENARIOS['fargate']!.flows[flow]!.from, 'output'],
    ])
    expect(ipOf(drew[0]!.packet)?.dst).toBe(ip)
  })
})

describe('GKE, VPC-native', () => {
  const t = SCENARIOS['gke-native']!.topology
  it('needs no route of the cluster’s in the VPC, and no check off', () => {
    const v = vpc(t, 'vpc')!
    expect(v.vpcRoutes.map((r) => r.target)).toEqual(['local', 'local', 'igw-main'])
    expect(v.enis.map((e) => [e.sourceDestCheck, e.ips.length, e.prefixes])).toEqual([
      [true, 1, ['10.1.15.0/24']],
      [true, 1, ['10.1.20.0/24']],
    ])
  })
  it('shows the VPC pods by their own addresses, and the rest of the world the node’s', () => {
    const source = (flow: string): string | undefined =>
      ipOf(asked('gke-native', null, flow).steps.find((x) => x.stage === 'sg-egress')!.packet)?.src
    expect(source('ping')).toBe('10.1.15.2')
    expect(source('to-node')).toBe('10.1.15.2')
    expect(source('to-internet')).toBe('192.168.0.100')
  })
  it('has neighbours reach each other on the node, and with intranode visibility by the VPC', () => {
    expect(stages(asked('gke-native', null, 'same-node'), 'vpc')).toEqual([])
    const w = asked('gke-native', 'intranode')
    for (const stage of ['sg-egress', 'src-check', 'vpc-encap', 'sg-ingress', 'dst-check'])
      expect(stages(w, 'vpc')).toContain(stage)
  })
  it('drops what a machine sends with an address of another’s range', () => {
    const [mine, theirs] = [eniId({ name: 'node-1' }, 'eth0'), eniId({ name: 'node-2' }, 'eth0')]
    const swapped = applyAll(t, [
      { op: 'set', in: 'vpc', table: 'enis', where: { id: mine }, to: { prefixes: [] } },
      {
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: theirs },
        to: { prefixes: ['10.1.15.0/24', '10.1.20.0/24'] },
      },
    ])
    expect(walk(swapped, SCENARIOS['gke-native']!.flows['ping']!).loss?.drop).toMatchObject({
      reason: 'source-dest-check',
      eni: mine,
    })
  })
})

it('a VPC is Google’s because it is said so, and AWS’s however its interfaces have their addresses', () => {
  const drawn = (world: string, edits: readonly Edit[] = []) => {
    const { topology, flows } = SCENARIOS[world]!
    const t = applyAll(topology, edits)
    const w = walk(t, flows['ping']!)
    return { vpc: layout(t, w).vpc, says: w.steps.map((s) => explain(s, t)).join(' ') }
  }
  const prefix: Edit = {
    op: 'set',
    in: 'vpc',
    table: 'enis',
    where: { id: 'eni-node-1-eth1' },
    to: { prefixes: ['192.168.0.160/28'] },
  }
  for (const edits of [[], [prefix]]) {
    const { vpc, says } = drawn('vpc-cni', edits)
    expect([vpc?.name.text, vpc?.aws]).toEqual(['AWS VPC', true])
    expect(says).toContain('AWS does not publish')
  }
  const google = drawn('gke-native')
  expect([google.vpc?.name.text, google.vpc?.aws]).toEqual(['VPC', false])
  expect(google.says).toContain('is not published')
  expect(google.says).not.toContain('AWS')
})
