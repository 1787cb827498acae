import { afterAll, describe, expect, it } from 'vitest'
import { brief } from '#lib/analysis/kernel/recorded.ts'
import { basename } from 'node:path'
import { check, lacking, type Checked } from '#lib/cli/check.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { umlAbility } from '#lib/cli/uml.ts'
import { shownBefore } from './shown.ts'
import { walk } from '#lib/walk/walk.ts'
import { resolveFlow, type FlowQuestion } from '#lib/worlds/cluster/resolve.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { parseCluster } from '#lib/worlds/all.ts'

/* Small clusters, how a flow in them ends, and this kernel's word on it. */

const a = ability()
/** What this kernel lacks is asked of the second one. */
const second = shownBefore(umlAbility(), basename(expect.getState().testPath ?? '', '.test.ts'))
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`cases: this machine cannot be asked: ${a.cannot}`)
  console.warn(`SKIPPED: no case was shown to a kernel: ${a.cannot}`)
}

export interface Case {
  readonly what: string
  readonly file: string
  readonly ask: FlowQuestion
  readonly flow?: Partial<Flow>
  readonly ends: string
}

export const nodes = (network: string, more = ''): string =>
  `{ packet-walk: 1, network: ${network}, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: a, node: n1 }, { name: b, node: n2 }]${more} }`
export const one = (network: string, edits: string, more = ''): string =>
  `{ packet-walk: 1, network: ${network}, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }, { name: b, node: n1 }]${more}, edits: [${edits}] }`
export const sysctl = (name: string, key: string, value: number): string =>
  `{ op: add, in: ${name}, table: sysctls, row: { key: ${key}, value: ${value} } }`
export const route = (name: string, row: string): string =>
  `{ op: add, in: ${name}, table: routes, row: { table: main, ${row} } }`
/** The pod's gateway, known beforehand. */
export const knows =
  '{ op: add, in: a, table: neigh, row: { ip: 172.17.0.1, dev: eth0, lladdr: "02:42:aa:00:00:01", state: PERMANENT } }'
/** Calico's way: a gateway that nobody has, answered for by the host. */
export const proxied = (value: number, more = ''): string =>
  one(
    'docker-bridge',
    [
      '{ op: del, in: a, table: routes, where: { dst: 0.0.0.0/0 } }',
      route('a', 'dst: 169.254.1.1/32, dev: eth0, scope: link'),
      route('a', 'dst: 0.0.0.0/0, via: 169.254.1.1, dev: eth0'),
      sysctl('n1', 'net.ipv4.conf.docker0.proxy_arp', value),
    ].join(', ') + more,
  )

function ending(w: Walk): string {
  if (w.loss === null) return w.delivered ? 'delivered' : 'nothing'
  const { drop, in: where, icmp } = w.loss
  return `${drop.reason} in ${where}${icmp === null ? '' : `, ICMP ${icmp.type}/${icmp.code}`}`
}

/** The walk of a case. */
export function walkOf(c: Case): Walk {
  const { topology } = parseCluster(c.file)
  return walk(topology, { ...resolveFlow(topology, c.ask), ...c.flow })
}

/** How each ends, and that the kernel agrees. */
export function agreed(cases: readonly Case[]): void {
  afterAll(() => second.close())
  // What is asked of one file is asked in one lab.
  const labs = new Map<string, ReturnType<typeof check>>()
  const made = new Map(cases.map(({ file }) => [file, parseCluster(file).topology]))
  const flowOf = (c: Case): Flow => ({ ...resolveFlow(made.get(c.file)!, c.ask), ...c.flow })
  const asked = async (c: Case): Promise<Checked | undefined> => {
    const topology = made.get(c.file)!
    const known = labs.get(c.file)
    const same = cases.filter((x) => x.file === c.file)
    const all =
      known ??
      check(
        { world: c.what, whatIf: [], topology },
        same.map((x) => ({ name: x.what, flow: flowOf(x) })),
        { ability: lacking(topology, a).length > 0 && second.cannot === null ? second : a },
      )
    labs.set(c.file, all)
    return (await all)[same.indexOf(c)]
  }
  describe.each(cases.map((c) => [c.what, c] as const))('%s', (_, c) => {
    const topology = made.get(c.file)!
    const flow = flowOf(c)
    it('ends as it should', () => {
      expect(ending(walk(topology, flow))).toBe(c.ends)
    })
    it.skipIf(a.cannot !== null)(
      'and the kernel agrees',
      async () => {
        const r = await asked(c)
        const lines = r!.pairs.map(
          (p) =>
            `${p.kernel === null ? '-' : p.ours === null ? '+' : p.differences.length > 0 ? '≠' : '='} ${brief((p.kernel ?? p.ours)!)}`,
        )
        expect(
          r!.verdict === 'agrees'
            ? ''
            : [...r!.differences, ...r!.notVerified, ...lines].join('\n'),
        ).toBe('')
        expect(r!.notVerified.filter((x) => !x.includes('not verifiable outside AWS'))).toEqual([])
        expect(r!.frames).toBe(walk(topology, flow).frames.length)
      },
      180_000,
    )
  })
}
