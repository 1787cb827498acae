import { describe, expect, it } from 'vitest'
import { BACKENDS } from '#components/bench/backends.ts'
import { night } from '#components/bench/nights.ts'
import { standing, toggled, TOGGLES } from '#components/bench/conflists.ts'
import { darkOf, started } from '#components/bench/started.ts'
import { goalsOf } from '#components/goals/author.ts'
import { recorded } from '#components/hands/recorded.ts'
import { pilesOf } from '#components/bench/piles.ts'
import { after, reaches } from '#components/bench/registers.ts'
import { differing, recordsOf, sameEnds, talksOf } from '#components/bench/talks.ts'
import { netns, spaces } from '#lib/topology/topology.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { HOURS, LEASE, nightAt } from '#lib/worlds/flannel/night.ts'
import {
  HOSTS,
  NUMBERS,
  registered,
  takenBy,
  WEEK,
  type Line,
} from '#lib/worlds/docker-ports/register.ts'

describe('a night without flanneld', () => {
  it('is the what-if of its world when it begins', () => {
    for (const backend of ['udp', 'vxlan'] as const) {
      const world = SCENARIOS[`flannel-${backend}`]!
      const asked = applyAll(world.topology, world.whatIfs['stop-flanneld']!.edits)
      const here = nightAt(backend, 'stops')
      for (const node of ['node-1', 'node-2']) {
        const [a, b] = [netns(here, node)!, netns(asked, node)!]
        for (const table of ['devs', 'routes', 'neigh', 'fdb', 'leases', 'daemons'] as const)
          expect(a[table], `${backend} ${node} ${table}`).toEqual(b[table])
      }
    }
  })
  it('is dark at another hour by each backend', async () => {
    const { dark, hours } = await night()
    expect(dark).toEqual(['stops', 'lease', 'lease'])
    const at = (id: string) => hours.find((h) => h.id === id)!
    const cell = (id: string, talk: string, b: (typeof BACKENDS)[number]) =>
      at(id).rows.find((r) => r.talk === talk)!.cells[BACKENDS.indexOf(b)]!
    expect(cell('pod', 'new-pod', 'vxlan').arrives).toBe(true)
    expect(cell('pod', 'new-pod', 'udp').arrives).toBe(false)
    for (const b of BACKENDS) {
      expect(cell('node', 'to-new-node', b).arrives, b).toBe(false)
      expect(cell('node', 'others', b).arrives, b).toBe(true)
      expect(cell('lease', 'home', b).arrives, b).toBe(true)
      expect(cell('lease', 'back', b).arrives, b).toBe(false)
      for (const r of at('starts').rows) expect(r.cells.every((c) => c.arrives)).toBe(true)
    }
    expect(cell('lease', 'there', 'vxlan').lost).toMatch(/^vpc, /)
  })
  it('has no row about node-1 on the others once its lease has ended', () => {
    const about = (hour: 'node' | 'lease'): number =>
      spaces(nightAt('vxlan', hour)).reduce(
        (sum, s) =>
          s.kind !== 'netns' || s.role !== 'node' || s.name === 'node-1'
            ? sum
            : sum +
              s.routes.filter((r) => r.dst === '10.1.15.0/24').length +
              s.fdb.filter((f) => f.dst === '192.168.0.100').length +
              s.leases.filter((l) => l.subnet === '10.1.15.0/24').length,
        0,
      )
    // Route, FDB entry and lease, on node-2 and on node-3.
    expect(about('node')).toBe(6)
    expect(about('lease')).toBe(0)
  })
  it('ends the lease when a lease can end', () => {
    const ends = HOURS.find((h) => h.id === 'lease')!.at
    expect(ends).toBeGreaterThanOrEqual(LEASE.lasts - LEASE.renewed)
    expect(ends).toBeLessThanOrEqual(LEASE.lasts)
  })
})

describe('two talks with equal records', () => {
  const pairs = async (world: string) => {
    const talks = await talksOf(world)
    const known = await Promise.all(
      talks.map(async (t) => ({ t, records: await recordsOf(world, t) })),
    )
    return known.flatMap((a, i) =>
      known
        .slice(i + 1)
        .filter(
          (b) =>
            !sameEnds(a.t, b.t) &&
            a.records.length > 0 &&
            differing(a.records, b.records).length === 0 &&
            b.records.length > 0,
        )
        .map((b) => [a.t.says, b.t.says]),
    )
  }
  it('are found under udp, of two pods', async () => {
    expect(await pairs('flannel-udp')).toContainEqual([
      'frontend-1 → backend-2, TCP 8080',
      'backend-1 → backend-2, TCP 8080',
    ])
  })
  it.each(['vpc-cni'])('are not in %s', async (world) => {
    expect(await pairs(world)).toEqual([])
  })
  it('differ by the outer source port under vxlan', async () => {
    const talks = await talksOf('flannel-vxlan')
    const [a, b] = ['web-app-frontend-1', 'backend-service-1'].map((from) =>
      talks.find((t) => t.id === `${from} backend-service-2 tcp`)!,
    )
    const records = [await recordsOf('flannel-vxlan', a!), await recordsOf('flannel-vxlan', b!)]
    expect(differing(records[0]!, records[1]!)).toEqual(['srcport'])
  })
  it('leave none within a node', async () => {
    const talks = await talksOf('flannel-udp')
    const home = talks.find((t) => t.id === 'web-app-frontend-1 backend-service-1 tcp')!
    expect(await recordsOf('flannel-udp', home)).toEqual([])
  })
})

describe('piles', () => {
  it('of what AWS does have twelve statements, each with who says so', () => {
    const { piles, statements } = pilesOf('aws')
    expect(statements.length).toBe(12)
    for (const pile of Object.keys(piles))
      expect(statements.filter((s) => s.pile === pile).length, pile).toBeGreaterThan(2)
    // What is documented is where it is documented.
    for (const s of statements.filter((x) => x.pile === 'documented'))
      expect(s.link, s.say).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//)
  })
  it('say what is not there', () => {
    expect(() => pilesOf('gcp')).toThrow('there is no content/piles/gcp.json')
    expect(() => pilesOf('../x')).toThrow(/no name of a file/)
  })
})

describe('a register', () => {
  /** Keeps it by taking the first free number from a host on, another one where it has to move. */
  function kept(prefer: number): { lines: readonly Line[]; callers: number } {
    let lines: readonly Line[] = []
    let callers = 0
    for (const event of WEEK) {
      const was = lines.find((l) => l.team === event.team)?.node
      const hosts = [...HOSTS.slice(prefer), ...HOSTS.slice(0, prefer)]
      const free = hosts
        .filter((h) => event.does !== 'moves' || h !== was)
        .flatMap((node) => NUMBERS.map((number) => ({ node, number })))
        .find((at) => takenBy(lines, at) === null)
      expect(free, JSON.stringify(event)).toBeDefined()
      const now = after(lines, event, free!)
      lines = now.lines
      callers += now.callers
    }
    return { lines, callers }
  }
  it.each([0, 1])('can be kept to the end of the week, however one begins (%i)', async (prefer) => {
    const { lines, callers } = kept(prefer)
    expect(lines.map((l) => l.team).toSorted()).toEqual(['a', 'a-2', 'b', 'c', 'd'])
    expect(callers).toBe(15)
    for (const line of lines) expect(await reaches(lines, line), line.team).toBe(true)
  })
  it('has each number of a host once: what Docker would refuse is no network', () => {
    const a = { team: 'a', node: 'node-1', number: 8080 }
    expect(takenBy([a], { node: 'node-1', number: 8080 })).toBe(a)
    expect(takenBy([a], { node: 'node-2', number: 8080 })).toBeNull()
    expect(() => registered([a, { ...a, team: 'b' }])).toThrow('node-1 publishes 8080 already')
  })
  it('leads whoever has an old line nowhere', async () => {
    const a = { team: 'a', node: 'node-1', number: 8080 }
    expect(await reaches([{ ...a, node: 'node-2' }], a)).toBe(false)
  })
})

describe('a conflist', () => {
  const goals = goalsOf({ file: 'conflist' })
  const empty = JSON.stringify({ name: 'cbr0', cniVersion: '0.3.1', plugins: [] })
  const whole = JSON.stringify(recorded('flannel').conflist)
  const dark = async (text: string): Promise<readonly string[]> => {
    const is = await started(text, goals)
    if ('unread' in is) return [is.unread.why]
    return goals.flatMap((g, i) => (is.lamps[i]!.lit === 'holds' ? [] : [g.id]))
  }
  it('is read by presses as it was recorded', async () => {
    const text = TOGGLES.reduce(toggled, empty)
    // One pressed in another order has its fields in another order.
    expect(JSON.parse(text)).toEqual(recorded('flannel').conflist)
    expect(standing(text)).toEqual(new Set(TOGGLES))
    for (const t of TOGGLES.toReversed()) expect(standing(toggled(text, t))!.has(t)).toBe(false)
  })
  it('that flannel ships reaches every goal', async () => {
    expect(await dark(whole)).toEqual([])
    const is = await started(whole, goals)
    const written = 'written' in is ? is.written.map((w) => `${w.who} ${w.where}`) : []
    expect(written).toEqual(['bridge node-1', 'bridge web-app-frontend-1', 'portmap node-1'])
  })
  it.each([
    ['portmap', ['port']],
    ['portMappings', ['port']],
    ['isDefaultGateway', ['out', 'port']],
    ['hairpinMode', []],
    ['flannel', ['chained']],
  ] as const)('without %s loses %j', async (what, lost) => {
    expect(await dark(toggled(whole, what))).toEqual(lost)
  })
  it('is asked what goes dark without a plugin, and told what pods reach then', async () => {
    const without = (what: 'portmap' | 'isDefaultGateway' | 'flannel') =>
      darkOf({ text: whole, without: what, goals })
    const named = (is: readonly number[]) => is.map((i) => goals[i]!.id)
    expect(named(await without('portmap'))).toEqual(['port'])
    expect(named(await without('isDefaultGateway'))).toEqual(['out', 'port'])
    expect(await without('flannel')).toEqual(goals.map((_, i) => i))
  })
  it.each([
    ['{', 'no-json'],
    ['[]', 'no-json'],
    ['{"cniVersion":"0.3.1","plugins":[]}', 'no-name'],
    ['{"name":"x","plugins":[]}', 'no-version'],
    ['{"name":"x","cniVersion":"0.3.1"}', 'no-list'],
    [empty, 'no-network'],
    ['{"name":"x","cniVersion":"0.3.1","plugins":[{"type":"calico"}]}', 'unknown'],
  ])('%s says why no pod starts', async (text, why) => {
    expect(await dark(text)).toEqual([why])
  })
})
