import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { judge, type Agreement } from '#lib/analysis/kernel/verify.ts'
import {
  BRIDGE_PORTS,
  EDITED_SPACES,
  EDITS,
  FILE_BYTES,
  NODES,
  PODS,
  SERVICES,
  YAML_BYTES,
} from '#lib/topology/bounds.ts'
import { CHECKS } from '#lib/topology/checks.ts'
import { fromFile } from '#lib/topology/file.ts'
import type { Problem } from '#lib/topology/problem.ts'
import { SYSCTLS } from '#lib/topology/sysctls.ts'
import { emptyNetns, emptyVpc, LINUX_TABLES, VPC_TABLES } from '#lib/topology/topology.ts'
import { shownIn } from '#lib/analysis/kernel/keep.ts'
import type { Kept } from '#lib/analysis/kernel/kept.ts'
import { write } from '#components/figure/store/link.ts'
import { addressOf, netns, resolveFlow, toJson, walk } from '#lib/index.ts'
import { SCENARIOS, parseCluster } from '#lib/worlds/all.ts'
import { rowsShown } from './api/rows.ts'

const page = readFileSync(fileURLToPath(new URL('../contract.md', import.meta.url)), 'utf8')
const fenced = (language: string): string =>
  new RegExp('```' + language + '\\n([\\s\\S]*?)```').exec(page)?.[1] ?? ''
const rowsOf = (heading: string): string[][] => {
  const lines = page.slice(page.indexOf(heading)).split('\n').slice(2)
  return lines
    .slice(
      0,
      lines.findIndex((l) => !l.startsWith('|')),
    )
    .map((l) =>
      l
        .split('|')
        .slice(1, -1)
        .map((c) => c.trim().replaceAll('`', '')),
    )
}

/** Every address of a namespace in a world. */
function addresses(world: string, name: string): readonly string[] {
  const n = netns(SCENARIOS[world]!.topology, name)
  return n === undefined ? [] : n.devs.flatMap((d) => d.addrs.map(addressOf))
}

/** The names of an object's fields, and of those within it, but of no value that differs from row to row. */
function shape(x: unknown, open: ReadonlySet<string>): unknown {
  if (Array.isArray(x)) return x.length === 0 ? [] : [shape(x[0], open)]
  if (typeof x !== 'object' || x === null) return typeof x
  return Object.fromEntries(
    Object.entries(x).map(([k, v]) => [k, open.has(k) ? 'open' : shape(v, open)]),
  )
}

describe('contract.md', () => {
  it('lists the worlds there are', () => {
    const listed = [
      ...page
        .slice(page.indexOf('| id | what |'), page.indexOf('In all of them'))
        .matchAll(/`([a-z-]+)`[,| ]/g),
    ]
      .map((m) => m[1]!)
      .filter((id) => id !== 'docker0')
    expect(listed.toSorted()).toEqual(Object.keys(SCENARIOS).toSorted())
  })

  const pods = rowsOf('| pod or container |')
  it('has a row for each of six pods', () => {
    expect(pods).toHaveLength(6)
  })
  it.each(pods)('%s on %s has the addresses of its row', (name, node, flannel, vpcCni, docker) => {
    for (const [world, ip] of [
      ['flannel-udp', flannel],
      ['flannel-vxlan', flannel],
      ['flannel-host-gw', flannel],
      ['lan', flannel],
      ['vpc-routes', flannel],
      ['vpc-cni', vpcCni],
      ['docker-bridge', docker],
    ] as const) {
      const there = addresses(world, name!)
      expect(ip === '–' ? there.length === 0 : there.includes(ip!), world).toBe(true)
      const on = netns(SCENARIOS[world]!.topology, name!)?.node
      expect(on, world).toBe(ip === '–' ? undefined : node)
    }
  })

  it.each(['flannel-udp', 'flannel-vxlan', 'flannel-host-gw', 'vpc-cni'])(
    '%s has the Service of the page, and the flows that use it',
    (world) => {
      const said = /one Service, `(\S+)`: ([\d.]+):(\d+) and node port (\d+)/.exec(page)!.slice(1)
      expect(SCENARIOS[world]!.topology.source.services?.get(said[0]!)).toBe(said[1])
      const rules = netns(SCENARIOS[world]!.topology, 'node-2')!.netfilter
      expect(
        rules.some(
          (r) =>
            r.chain === 'KUBE-SERVICES' && r.dst === `${said[1]}/32` && r.dport === Number(said[2]),
        ),
      ).toBe(true)
      expect(rules.some((r) => r.chain === 'KUBE-NODEPORTS' && r.dport === Number(said[3]))).toBe(
        true,
      )
      for (const flow of page.match(/Their flows (.*) use it/)![1]!.match(/[a-z-]+(?=`)/g)!)
        expect(SCENARIOS[world]!.flows[flow], flow).toBeDefined()
    },
  )

  it('shows a cluster file that is read, with the route its edit takes away gone', () => {
    const text = fenced('yaml')
    const made = parseCluster(text)
    expect(netns(made.topology, 'node-1')!.routes.map((r) => r.dst)).not.toContain('10.1.20.0/24')
    const whole = parseCluster(text.slice(0, text.indexOf('edits:')))
    expect(netns(whole.topology, 'node-1')!.routes.map((r) => r.dst)).toContain('10.1.20.0/24')
    for (const to of ['api:8080', 'backend:80', '10.96.0.50:80'])
      expect(
        walk(whole.topology, resolveFlow(whole.topology, { from: 'web', to })).delivered,
        to,
      ).toBe(true)
  })

  it('shows the JSON that a walk prints, field by field', () => {
    const { topology } = SCENARIOS['flannel-udp']!
    const printed = JSON.parse(
      JSON.stringify(
        toJson(
          walk(
            topology,
            resolveFlow(topology, { from: 'web-app-frontend-1', to: 'backend-service-2' }),
          ),
        ),
      ),
    ) as { steps: { refs: unknown[]; frames: unknown[] }[]; frames: unknown[]; version: unknown }
    const shown = JSON.parse(fenced('json')) as { steps: object[]; frames: object[] }
    const full =
      printed.steps.find((s) => s.refs.length > 0 && s.frames.length > 0) ??
      printed.steps.find((s) => s.refs.length > 0)!
    const open = new Set(['decision', 'row', 'layers', 'frames'])
    expect(shape(full, open)).toEqual(shape(shown.steps[0], open))
    expect(shape(printed.frames[0], open)).toEqual(shape(shown.frames[0], open))
    expect(Object.keys(printed)).toEqual(Object.keys(shown))
  })

  it('shows the JSON that verify prints, field by field', () => {
    const shown = JSON.parse(fenced('json verify')) as { kernel: string; results: object[] }
    const { topology, flows } = SCENARIOS['flannel-vxlan']!
    const w = walk(topology, flows['ping']!)
    const kept = JSON.parse(
      readFileSync(
        fileURLToPath(new URL('../public/kernel/flannel-vxlan.json', import.meta.url)),
        'utf8',
      ),
    ) as Kept
    const { pairs: _pairs, ...judged } = judge(
      w,
      shownIn(
        kept,
        kept.runs['ping']![''] as Extract<
          Kept['runs'][string][string],
          { frames: readonly number[] }
        >,
      ),
    )
    const printed: Agreement = {
      version: 1,
      kernel: kept.kernel,
      world: 'flannel-vxlan',
      whatIf: [],
      flow: 'ping',
      verdict: 'agrees',
      asked: 1,
      ...judged,
    }
    expect(shown.results).toEqual([printed])
    expect(Object.keys(shown)).toEqual(['version', 'kernel', 'results'])
  })

  it('shows the fields of a row of each table, as files are held to them', () => {
    const shown = fenced('text rows').trimEnd().split('\n')
    expect(shown, 'npm run api writes them').toEqual(rowsShown())
  })

  it('says which tables a space has, and what else', () => {
    const said = page.split('\n').find((l) => l.startsWith('- A whole topology'))!
    const keys = (of: readonly string[], s: object): string =>
      Object.keys(s)
        .filter((key) => !of.includes(key))
        .join(', ')
    expect(said).toContain(`\`{ ${keys(LINUX_TABLES, emptyNetns('n', 'n', 'pod'))} }\``)
    expect(said).toContain(`\`{ ${keys(VPC_TABLES, emptyVpc('v', []))} }\``)
    expect(said).toContain(`from \`${VPC_TABLES[0]}\` on`)
    expect(Object.keys(CHECKS)).toEqual([...LINUX_TABLES, ...VPC_TABLES])
    const refused = fromFile({
      'packet-walk-topology': 1,
      spaces: [{ kind: 'netns', name: 'n', node: 'n', role: '' }],
    }) as { readonly problems: readonly Problem[] }
    expect(refused.problems.map((p) => p.code)).toEqual(['word'])
    expect(said.replaceAll('`', '')).toContain(String(refused.problems[0]!.args[1]))
  })

  it('lists the sysctls that may be written, and the bounds', () => {
    const line = page.split('\n').find((l) => l.startsWith('- Sysctls that may be written'))!
    expect([...line.matchAll(/`(net\.[^`]+)`/g)].map((m) => m[1])).toEqual(SYSCTLS)
    const bounds = page.split('\n').find((l) => l.startsWith('- Bounds: '))!
    for (const n of [
      NODES,
      PODS,
      SERVICES,
      EDITS,
      EDITED_SPACES,
      BRIDGE_PORTS,
      FILE_BYTES / 2 ** 20,
      YAML_BYTES / 2 ** 20,
    ])
      expect(bounds).toContain(` ${n.toLocaleString('en')} `)
  })

  it('shows how a figure is looked at as its link says it', () => {
    expect(page).toContain(
      '`<figure id>.view=1;<story, network or kernel>;<world compared with>`, and `;<draw>` behind it',
    )
    const hash = write('', 'f1', {
      scenario: 'flannel-udp',
      flow: 'service',
      whatIfs: ['jumbo'],
      key: 'node-1/flannel0 xmit',
      detail: 'kernel',
      against: 'vpc-cni',
      draw: 3,
    })
    expect(hash).toBe(
      '#f1=1;flannel-udp;service;jumbo;node-1/flannel0%20xmit&f1.view=1;kernel;vpc-cni;3',
    )
  })

  it('names the message that an overlap gets', () => {
    const bad =
      'packet-walk: 1\nnetwork: flannel-vxlan\nnodes:\n  - { name: node-1, ip: 192.168.0.100, podCidr: 10.1.15.0/24 }\n  - { name: node-2, ip: 192.168.0.200, podCidr: 10.1.15.0/24 }\n'
    const message = /`(nodes\[1\]\.podCidr: [^`]*)`/.exec(page)?.[1]
    expect(message).toBeDefined()
    expect(() => parseCluster(bad)).toThrow(message!)
  })
})
