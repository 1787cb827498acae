/**
 * `npm run verify:all`: every world with each of its what-ifs, and clusters nobody thought of, against a kernel. Exit status 1 if anything differs, or if all of it was asked and some rule was never needed.
 *   --kernel running|uml   which one: this machine's, which needs root, or User-Mode Linux (lib/cli/uml.ts)
 *   --record DIR           keeps what the kernel showed of the worlds: of the running one in public/kernel, of the other in test/captures/kernel, for test/verify/kept.test.ts and the figures' badge; a world of devices that the running one has not is asked of the other, and kept in public/kernel
 *   --summaries DIR        only sums up anew what is kept there, when the walks or the rules changed
 *   --world ID             one of them, or more
 *   --no-what-ifs          the worlds as they are
 *   --no-worlds            generated clusters only: a campaign
 *   --generated N          how many, 200 if nothing is said; 0: none
 *   --seed S               the first one's seed; the same seed is the same cluster, so one that differed is asked again by --no-worlds --generated 1 --seed S
 *   --shrink SECONDS       how long the smallest case of one that differs is looked for, 60 if nothing is said; what is printed is a file and a command that ask the same
 */
import { parseArgs } from 'node:util'
import { keep, type Ran } from '#lib/analysis/kernel/keep.ts'
import { RULES, type Rule } from '#lib/analysis/kernel/verify.ts'
import { check, lacking, type Checked } from '#lib/cli/check.ts'
import type { Flow } from '#lib/trace/flow.ts'
import { ability, type Ability } from '#lib/cli/kernel-lab.ts'
import { umlAbility } from '#lib/cli/uml.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { checkGenerated, reproduction } from './generate.ts'
import { readKept, writeKept, writeOther } from './kept-files.ts'

const MARK = { agrees: '✓', differs: '✗', 'not verified': '–' } as const
const { values: o } = parseArgs({
  options: {
    record: { type: 'string' },
    generated: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    summaries: { type: 'string' },
    'no-worlds': { type: 'boolean', default: false },
    'no-what-ifs': { type: 'boolean', default: false },
    world: { type: 'string', multiple: true },
    kernel: { type: 'string', default: 'running' },
    shrink: { type: 'string', default: '60' },
  },
})
const [count, firstSeed, shrink] = [
  whole('--generated', o.generated),
  whole('--seed', o.seed),
  whole('--shrink', o.shrink),
]
if (o.kernel !== 'running' && o.kernel !== 'uml') {
  process.stderr.write(`verify:all: --kernel ${o.kernel}: running or uml\n`)
  process.exit(2)
}
const say = (s: string): void => {
  process.stdout.write(`${s}\n`)
}

if (o.summaries !== undefined) {
  for (const world of Object.keys(SCENARIOS))
    await writeKept(o.summaries, await readKept(o.summaries, world))
  process.exit(0)
}
const a = o.kernel === 'uml' ? umlAbility() : ability()
if (a.cannot !== null) {
  process.stderr.write(`verify:all: this machine cannot be asked: ${a.cannot}\n`)
  process.exit(3)
}
const results: Checked[] = []
const NO_RTO_MIN = 'this kernel has no tcp_rto_min_us: what is lost is sent again while a lab waits'
/** Bytes. */
const LONG = 20_000
/** Rules that timing calls for or not. */
const TIMING: readonly Rule[] = ['tcp-push', 'tcp-bursts', 'tcp-acks']

const wanted = o['no-worlds'] ? [] : (o.world ?? Object.keys(SCENARIOS))
for (const id of wanted.filter((x) => SCENARIOS[x] === undefined)) {
  process.stderr.write(
    `verify:all: --world ${id}: there are ${Object.keys(SCENARIOS).join(', ')}\n`,
  )
  process.exit(2)
}
const second = umlAbility()
for (const [id, s] of Object.entries(SCENARIOS).filter(([x]) => wanted.includes(x))) {
  const shown = [s.topology, ...Object.values(s.whatIfs).map((w) => applyAll(s.topology, w.edits))]
  const asks = shown.some((t) => lacking(t, a).length > 0) && second.cannot === null ? second : a
  const ran: Record<string, Record<string, Ran>> = {}
  const asked = Object.entries(s.flows).map(([name, flow]) => ({ name, flow }))
  for (const [whatIf, edits] of [
    ['', []] as const,
    ...(o['no-what-ifs'] ? [] : Object.entries(s.whatIfs)).map(
      ([name, w]) => [name, w.edits] as const,
    ),
  ]) {
    for (const r of await check(
      { world: id, whatIf: whatIf === '' ? [] : [whatIf], topology: applyAll(s.topology, edits) },
      asked,
      { ability: asks },
    )) {
      note(r, [id, ...r.whatIf].join(' + '), r.flow)
      // What no lab could be asked is in no recording; what differs is, and says so.
      const of: Ran | null = sentAgain(asks, r, s.flows[r.flow]!)
        ? { lacks: [NO_RTO_MIN] }
        : r.shown !== null
          ? { shown: r.shown, gaps: r.gaps }
          : r.verdict === 'not verified'
            ? { lacks: r.notVerified }
            : null
      if (of !== null) (ran[r.flow] ??= {})[whatIf] = of
    }
  }
  if (o.record !== undefined && o.kernel === 'uml') writeOther(o.record, keep(a.kernel, id, ran))
  else if (o.record !== undefined) await writeKept(o.record, keep(asks.kernel, id, ran))
  // More than the first window holds: bursts and acknowledgements have rules of their own.
  const tcp = Object.values(s.flows).find((f) => f.proto === 'tcp')
  if (tcp !== undefined)
    for (const r of await check(
      { world: id, whatIf: [], topology: s.topology },
      [{ name: 'a long write', flow: { ...tcp, size: LONG } }],
      { ability: asks },
    ))
      note(r, id, r.flow)
}
for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
  const { first, text, smallest } = await checkGenerated(seed, a, shrink * 1000)
  note(first, `generated ${seed}`, text)
  if (smallest !== null)
    say(
      [...smallest.checked.differences.map((d) => `  ! ${d}`), reproduction(smallest.case)].join(
        '\n',
      ),
    )
}

const total: Partial<Record<Rule, number>> = {}
for (const r of results)
  for (const [rule, n] of Object.entries(r.allowances))
    total[rule as Rule] = (total[rule as Rule] ?? 0) + n
const rules = RULES
// Only all of it can need each rule.
const everything =
  o.kernel === 'running' &&
  !o['no-worlds'] &&
  !o['no-what-ifs'] &&
  o.world === undefined &&
  count > 0
const unused = everything ? rules.filter((r) => total[r] === undefined && !TIMING.includes(r)) : []
const verdicts = (v: Checked['verdict']): number => results.filter((r) => r.verdict === v).length
const sum = (of: (r: Checked) => number): number => results.reduce((n, r) => n + of(r), 0)
say(
  [
    '',
    `Linux ${a.kernel}: ${results.length} flows, ${verdicts('agrees')} agree, ${verdicts('differs')} differ, ${verdicts('not verified')} not verified; ${sum((r) => r.frames)} frames compared, ${sum((r) => r.beyond)} beyond AWS’s drop`,
    ...rules.map((r) => `  allowed ${String(total[r] ?? 0).padStart(6)} × ${r}`),
    ...unused.map((r) => `never needed: ${r}; take it out of the rules, or verify what needs it`),
  ].join('\n'),
)
await a.close()
await second.close()
process.exitCode = verdicts('differs') > 0 || unused.length > 0 ? 1 : 0

/** Was more seen than the walk has since a kernel without tcp_rto_min_us sends again, after 0.2 s, what was lost? */
function sentAgain(asks: Ability, r: Checked, flow: Flow): boolean {
  return (
    asks === second &&
    flow.proto === 'tcp' &&
    r.shown?.outcome !== 'answer' &&
    r.differences.length > 0 &&
    r.pairs.every((p) => p.kernel !== null && (p.ours === null || p.differences.length === 0))
  )
}

function note(r: Checked, where: string, what: string): void {
  results.push(r)
  say(
    [
      `${MARK[r.verdict]} ${where}: ${what}: ${r.verdict}, ${r.frames} frames${r.beyond > 0 ? `, ${r.beyond} beyond AWS’s drop` : ''}`,
      ...(r.verdict === 'differs' ? r.differences.map((d) => `  ! ${d}`) : []),
    ].join('\n'),
  )
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    process.stderr.write(`verify:all: ${name} ${text}: a whole number from 0\n`)
    process.exit(2)
  }
  return Number(text)
}
