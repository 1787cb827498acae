import { afterAll, describe, expect, it } from 'vitest'
import { flowText } from '#lib/analysis/kernel/verify.ts'
import { check } from '#lib/cli/check.ts'
import { umlAbility } from '#lib/cli/uml.ts'
import { walk } from '#lib/walk/walk.ts'
import { parseCluster } from '#lib/worlds/all.ts'
import { resolveFlow } from '#lib/worlds/cluster/resolve.ts'
import { shownBefore } from './shown.ts'
import { endingOf, toldBy } from './faults.ts'
import { networkOf, TUNNEL_CASES, TUNNELS, type TunnelCase } from './tunnel-rows.ts'

/* Tunnels as User-Mode Linux has them, which has every kind: each change in a lab of its own. */

const a = shownBefore(umlAbility(), 'tunnels')
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`User-Mode Linux must be asked here, but: ${a.cannot}`)
  process.stderr.write(`\nSKIPPED: no tunnel is shown to a kernel: ${a.cannot}\n\n`)
}

/** Those that are shown with all that goes wrong; with TUNNELS=all every one is. */
const whole: ReadonlySet<string> = new Set(
  process.env['TUNNELS'] === 'all' ? [...Object.keys(TUNNELS), 'dummy'] : ['tunl0'],
)

describe.each([...Object.keys(TUNNELS), 'dummy'])('%s', (tunnel) => {
  const cases = TUNNEL_CASES.filter((c) => c.tunnel === tunnel)

  it('how it ends', () => {
    expect(cases.map((c) => `${c.what}: ${endingOf(walk(networkOf(c), c.flow))}`)).toEqual(
      cases.map((c) => `${c.what}: ${c.ends}`),
    )
  })

  it.skipIf(a.cannot !== null)(
    `as User-Mode Linux ${a.kernel} has it`,
    async () => {
      const wrong: string[] = []
      // What a second packet shows, its first has shown. Of most tunnels one lab is enough.
      const asked = cases.filter(
        (c) => !c.what.endsWith(', 1st') && (whole.has(tunnel) || c.edits.length === 0),
      )
      const labs = new Map<string, TunnelCase[]>()
      for (const c of asked) {
        const key = JSON.stringify(c.edits)
        labs.set(key, [...(labs.get(key) ?? []), c])
      }
      for (const [first, ...rest] of labs.values()) {
        const flows = [first!, ...rest].map((c) => ({ name: c.what, flow: c.flow }))
        const topology = networkOf(first!)
        for (const r of await check({ world: tunnel, whatIf: [], topology }, flows, { ability: a }))
          if (r.verdict !== 'agrees') wrong.push(r.flow, ...toldBy(r))
      }
      expect(wrong.join('\n')).toBe('')
    },
    1_800_000,
  )
})

/** Calico’s IP in IP as it stands in ip link and ip route, in a cluster file. */
const FILE = `packet-walk: 1
network: flannel-host-gw
bridge: cni0
podCidr: 10.44.0.0/16
vpc: { cidr: 10.20.0.0/16, subnets: [{ name: a, cidr: 10.20.0.0/24 }] }
nodes:
  - { name: n1, ip: 10.20.0.10, subnet: a, podCidr: 10.44.1.0/24, sourceDestCheck: false }
  - { name: n2, ip: 10.20.0.20, subnet: a, podCidr: 10.44.2.0/24, sourceDestCheck: false }
pods:
  - { name: p1, node: n1, ip: 10.44.1.5 }
  - { name: p2, node: n2, ip: 10.44.2.5, listen: [tcp/8080, udp/53] }
edits:
  - { op: add, in: n1, table: devs, row: { kind: ipip, name: tunl0, mac: "00:00:00:00:00:00", mtu: 1480, up: true, addrs: [10.44.1.128/32] } }
  - { op: add, in: n2, table: devs, row: { kind: ipip, name: tunl0, mac: "00:00:00:00:00:00", mtu: 1480, up: true, addrs: [10.44.2.128/32] } }
  - { op: set, in: n1, table: routes, where: { dst: 10.44.2.0/24 }, to: { via: 10.20.0.20, dev: tunl0, onlink: true } }
  - { op: set, in: n2, table: routes, where: { dst: 10.44.1.0/24 }, to: { via: 10.20.0.10, dev: tunl0, onlink: true } }
`
const ASKED = [
  [{ from: 'p1', to: '10.44.2.5', size: 1452, df: true }, 'delivered'],
  [
    { from: 'p1', to: '10.44.2.5', size: 1453, df: true },
    'too-big in n1, ICMP 3/4 from 10.44.1.1 mtu 1480, n1 IpFragFails',
  ],
  [{ from: 'p1', to: '10.44.2.5:8080', size: 3000 }, 'delivered'],
  [{ from: 'p1', to: '10.44.2.5', size: 3000 }, 'delivered'],
  [{ from: 'n1', to: '10.44.2.5:53', proto: 'udp' }, 'delivered'],
] as const

describe('a cluster file with tunl0 in its edits', () => {
  const { topology } = parseCluster(FILE)
  const flows = ASKED.map(([q]) => resolveFlow(topology, q))
  it('how it ends', () => {
    expect(flows.map((f) => endingOf(walk(topology, f)))).toEqual(ASKED.map(([, ends]) => ends))
  })
  it.skipIf(a.cannot !== null)(
    `as User-Mode Linux ${a.kernel} has it`,
    async () => {
      const asked = flows.map((flow) => ({ name: flowText(flow), flow }))
      const all = await check({ world: 'file', whatIf: [], topology }, asked, { ability: a })
      expect(all.flatMap((r) => toldBy(r)).join('\n')).toBe('')
      expect(all.map((r) => r.frames).every((n) => n > 10)).toBe(true)
    },
    120_000,
  )
})
afterAll(() => a.close())
