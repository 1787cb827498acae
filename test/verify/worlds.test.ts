import { afterAll, describe, expect, it } from 'vitest'
import { RULES, type Rule } from '#lib/analysis/kernel/verify.ts'
import { check, lacking, type Checked } from '#lib/cli/check.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { umlAbility } from '#lib/cli/uml.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { applyAll } from '#lib/topology/apply.ts'

/* Every flow and every what-if of every world, sent through Linux itself. */

const a = ability()
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`the kernel must be asked here, but: ${a.cannot}`)
  console.warn(`SKIPPED: the worlds are not compared with the kernel: ${a.cannot}`)
}
const MINUTE = 60_000
/** What this kernel has no devices for is asked of the second one. */
const second = umlAbility()
/** Those take minutes, and kept.test.ts holds all of them to what it showed: they are asked anew with WORLDS=all, and a flow of each by uml.test.ts. */
const ANEW = process.env['WORLDS'] === 'all'
/** What AWS alone decides; a kernel has no security groups. */
const AWS = /not verifiable outside AWS/
/** Rules that only some faults need, test/verify/faults.test.ts asks for them; and those about long writes, which timing calls for or not. */
const ELSEWHERE: readonly Rule[] = [
  'geneve-source-port',
  'offload',
  'icmp-id',
  'tcp-push',
  'tcp-bursts',
  'tcp-acks',
]

describe.skipIf(a.cannot !== null)(`Linux ${a.kernel} agrees`, () => {
  const used = new Set<string>()
  const told = (r: Checked): string =>
    r.differences.length === 0 ? r.verdict : r.differences.join('\n')

  for (const [world, s] of Object.entries(SCENARIOS)) {
    const shown = [
      s.topology,
      ...Object.values(s.whatIfs).map((w) => applyAll(s.topology, w.edits)),
    ]
    const asked = shown.some((t) => lacking(t, a).length > 0) && second.cannot === null ? second : a
    const kept = asked === second && !ANEW
    it.skipIf(kept)(`${world}: every flow`, { timeout: 4 * MINUTE }, async () => {
      const flows = Object.entries(s.flows).map(([name, flow]) => ({ name, flow }))
      const results = await check({ world, whatIf: [], topology: s.topology }, flows, {
        ability: asked,
      })
      expect(results.map((r) => `${r.flow}: ${told(r)}`)).toEqual(
        flows.map((f) => `${f.name}: agrees`),
      )
      for (const r of results) {
        expect(r.frames, r.flow).toBeGreaterThan(2)
        for (const rule of Object.keys(r.allowances)) used.add(rule)
      }
      const drew = results.filter((r) => (r.allowances.draw ?? 0) > 0).map((r) => r.flow)
      const draws = flows.some((f) => f.name === 'service-same-node')
      expect(!draws || drew.includes('service-same-node')).toBe(true)
    })

    it.skipIf(kept)(`${world}: every what-if`, { timeout: 6 * MINUTE }, async () => {
      const wrong: string[] = []
      for (const [name, w] of Object.entries(s.whatIfs)) {
        const flow = w.flow ?? Object.keys(s.flows)[0]!
        const [r] = await check(
          { world, whatIf: [name], topology: applyAll(s.topology, w.edits) },
          [{ name: flow, flow: s.flows[flow]! }],
          { ability: asked },
        )
        if (
          r!.verdict !== 'agrees' ||
          // What is refused before it is sent leaves no frame.
          (r!.frames === 0 &&
            w.expect !== 'message-size' &&
            w.expect !== 'no-route' &&
            !r!.notVerified.some((x) => AWS.test(x)))
        )
          wrong.push(`${name}, ${flow}: ${told(r!)}, ${r!.frames} frames`)
        for (const rule of Object.keys(r!.allowances)) used.add(rule)
      }
      expect(wrong.join('\n')).toBe('')
    })
  }

  it('every allowance is needed', () => {
    expect(RULES.filter((r) => !used.has(r) && !ELSEWHERE.includes(r))).toEqual([])
  })
  afterAll(async () => {
    await second.close()
    process.stdout.write(`allowances used: ${[...used].toSorted().join(', ')}\n`)
  })
})
