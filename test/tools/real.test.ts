import { afterAll, describe, expect, it } from 'vitest'
import { netns, type Topology } from '#lib/index.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { ALLOWED, legacy, seen, SOMETIMES, told, type Compared } from './compare.ts'
import { asked, framesOf, nets, odd, plan, TABLES, TOOLS, type Table } from './world.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* Each world's lab in the running kernel, and what ip, bridge, ss, iptables-save, conntrack, sysctl and tcpdump print in each of its namespaces,
   line by line beside what we print: as it was built, after a ping, after a connection. */

const a = ability()
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`the tools must be asked here, but: ${a.cannot}`)
  console.warn(`SKIPPED: what the real tools print is not compared with what we print: ${a.cannot}`)
}
const other = a.cannot === null ? odd() : new Map<string, string>()
for (const [name, why] of other)
  console.warn(`SKIPPED: the lines of ${name} are not compared. ${why}`)
const comparable = (table: Table): boolean => !other.has(TOOLS[table].package)
const capturing = !other.has('tcpdump')

/** At least so many lines of the real tools were compared, in all worlds together: less, and something was not asked. */
const FLOOR: Readonly<Record<Table | 'legacy' | 'seen', number>> = {
  rules: 250,
  routes: 220,
  neigh: 90,
  devs: 220,
  fdb: 500,
  sockets: 60,
  netfilter: 1200,
  conntrack: 42,
  sysctls: 60,
  legacy: 600,
  seen: 600,
}

/** What this kernel has no device for. */
function lacks(id: string): string[] {
  const kinds = new Set<string>(
    nets(SCENARIOS[id]!.topology).flatMap((n) => n.devs.map((d) => d.kind)),
  )
  return (a.missing as readonly string[]).filter(
    (kind) => kinds.has(kind) || (kind === 'br_netfilter' && kinds.has('bridge')),
  )
}

const used = new Set<string>()
const needed = (name: string): void => {
  used.add(name)
}
const lines = new Map<string, number>()
let worlds = 0
let hasLegacy = true

describe.skipIf(a.cannot !== null)('the real tools print what we print', () => {
  it.concurrent.for(Object.keys(SCENARIOS))(
    '%s: in every namespace, as built, after a ping, after a connection',
    { timeout: 600_000 },
    async (id, { skip }) => {
      skip(lacks(id).length > 0, `this kernel has no ${lacks(id).join(', ')}`)
      const p = plan(id)
      expect([p.ping.delivered, p.tcp.delivered]).toEqual([true, true])
      const answers = await asked(p, capturing)
      worlds += 1
      const all: Record<string, Compared> = {}
      const count = (kind: string, key: string, c: Compared): void => {
        all[key] = c
        lines.set(kind, (lines.get(kind) ?? 0) + c.theirs.length)
      }
      const states: readonly (readonly [string, Topology, readonly Table[]])[] = [
        ['fresh', p.fresh, TABLES],
        ['ping', p.ping.after, ['neigh', 'fdb', 'conntrack']],
        ['tcp', p.tcp.after, TABLES],
      ]
      for (const [when, t, tables] of states)
        for (const { name } of nets(t))
          for (const table of tables.filter(comparable)) {
            const key = `${when} ${name} ${table}`
            count(table, key, told(netns(t, name)!, table, answers[key]!, needed))
          }
      if (comparable('netfilter'))
        for (const n of nets(p.fresh)) {
          const answer = answers[`legacy ${n.name} netfilter`]
          if (answer !== undefined) count('legacy', `legacy ${n.name}`, legacy(n, answer, needed))
          else if (n.netfilter.length > 0) hasLegacy = false
        }
      if (capturing)
        for (const [at, frames] of framesOf(p))
          count('seen', `seen ${at}`, seen(frames, answers[`seen ${at}`]!, needed))
      const apart = Object.entries(all).filter(([, c]) => c.theirs.join('\n') !== c.ours.join('\n'))
      const side = (of: keyof Compared): Record<string, readonly string[]> =>
        Object.fromEntries(apart.map(([key, c]) => [key, c[of]]))
      expect(side('ours')).toEqual(side('theirs'))
    },
  )

  it('and have printed enough to compare', ({ skip }) => {
    skip(worlds < Object.keys(SCENARIOS).length, 'not all worlds were asked')
    if (!hasLegacy)
      console.warn(
        'SKIPPED: iptables-legacy-save: this kernel or this machine has no legacy tables',
      )
    const there = (kind: string): boolean =>
      kind === 'legacy'
        ? hasLegacy && comparable('netfilter')
        : kind === 'seen'
          ? capturing
          : comparable(kind as Table)
    const short = Object.entries(FLOOR).filter(
      ([kind, least]) => there(kind) && (lines.get(kind) ?? 0) < least,
    )
    expect(
      short.map(([kind, least]) => `${kind}: ${lines.get(kind) ?? 0} lines, not ${least}`),
    ).toEqual([])
  })
  it.skipIf(other.size > 0)('needing every allowance that is made', ({ skip }) => {
    skip(worlds < Object.keys(SCENARIOS).length, 'not all worlds were asked')
    const maybe = [...SOMETIMES, ...(hasLegacy ? [] : ['order of tables'])]
    expect(Object.keys(ALLOWED).filter((name) => !used.has(name) && !maybe.includes(name))).toEqual(
      [],
    )
  })
  afterAll(() => {
    process.stdout.write(
      `lines compared: ${[...lines].map(([kind, n]) => `${kind} ${n}`).join(', ')}\n`,
    )
  })
})
