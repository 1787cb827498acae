import { afterAll, describe, expect, it } from 'vitest'
import { flowText } from '#lib/analysis/kernel/verify.ts'
import { check, lacking } from '#lib/cli/check.ts'
import { ability, type Ability } from '#lib/cli/kernel-lab.ts'
import { umlAbility } from '#lib/cli/uml.ts'
import { walk } from '#lib/walk/walk.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import type { Topology } from '#lib/topology/topology.ts'
import type { Fault } from './fault.ts'
import { endingOf, toldBy } from './faults.ts'
import { shownBefore } from './shown.ts'
import { FAULTS } from './fault-rows.ts'

/* What is wrong in a network, and what this kernel makes of it: each fault is built in namespaces, and every frame, counter and what the program learns must be the walk's. */

const a = ability()
/** What this kernel has no devices for is asked of the second one. */
const second = shownBefore(umlAbility(), 'faults')
const askedOf = (t: Topology): Ability =>
  lacking(t, a).length > 0 && second.cannot === null ? second : a
if (a.cannot !== null) {
  // In CI a suite that asks nobody must not look like one that was answered.
  if (process.env['CI'] !== undefined)
    throw new Error(`faults: this machine cannot be asked: ${a.cannot}`)
  console.warn(`SKIPPED: no fault was shown to a kernel: ${a.cannot}`)
}

const built = (f: Fault) => applyAll(SCENARIOS[f.world]!.topology, f.edits)

const named = FAULTS.map((f) => [`${f.world}: ${f.fault}`, f] as const)

describe('each fault', () => {
  it.each(named)('%s: how it ends', (_, f) => {
    const t = built(f)
    expect(f.sent.map((s) => `${flowText(s.flow)}: ${endingOf(walk(t, s.flow))}`)).toEqual(
      f.sent.map((s) => `${flowText(s.flow)}: ${s.ends}`),
    )
  })
})

describe.skipIf(a.cannot !== null)('the kernel', () => {
  afterAll(() => second.close())
  const used = new Set<string>()
  it.each(named)('%s: agrees', async (_, f) => {
    const topology = built(f)
    const checked = await check(
      { world: f.world, whatIf: [], topology },
      f.sent.map((s) => ({ name: flowText(s.flow), flow: s.flow })),
      { ability: askedOf(topology) },
    )
    expect(checked).toHaveLength(f.sent.length)
    for (const c of checked) for (const rule of Object.keys(c.allowances)) used.add(rule)
    // One text, which a report prints whole.
    expect(
      checked
        .flatMap((c) => {
          const lines = toldBy(c)
          return lines.length === 0 ? [] : [c.flow, ...lines]
        })
        .join('\n'),
    ).toBe('')
    // A drop of AWS's would end the comparison early: no row has one.
    expect(checked.filter((c) => c.beyond > 0)).toEqual([])
  })
  it('needs what the worlds do not: ids of echoes that NAT draws, checksums that lo leaves open', () => {
    expect([...used]).toEqual(expect.arrayContaining(['offload', 'icmp-id']))
  })
})
