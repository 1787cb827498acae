/** `npm run verify:all`: every world with each of its what-ifs, and clusters nobody thought of, against the kernel. Needs Linux and root. `--record DIR` keeps what the kernel showed of the worlds, for test/verify/kept.test.ts and the figures' badge; `--summaries DIR` only sums what is kept there up anew, when the walks or the rules changed. */
import { parseArgs } from 'node:util'
import { keep, type Ran } from '#lib/analysis/keep.ts'
import { RULES, type Rule } from '#lib/analysis/verify.ts'
import { check, type Checked } from '#lib/cli/check.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { checkGenerated, reproduction } from './generate.ts'
import { readKept, writeKept } from './kept-files.ts'

const MARK = { agrees: '✓', differs: '✗', 'not verified': '–' } as const
const { values: o } = parseArgs({ options: { record: { type: 'string' }, generated: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' }, summaries: { type: 'string' }, 'no-worlds': { type: 'boolean', default: false } } })
const [count, firstSeed] = [whole('--generated', o.generated), whole('--seed', o.seed)]
const say = (s: string): void => { process.stdout.write(`${s}\n`) }

if (o.summaries !== undefined) {
  for (const world of Object.keys(SCENARIOS)) await writeKept(o.summaries, await readKept(o.summaries, world))
  process.exit(0)
}
const a = ability()
if (a.cannot !== null) {
  process.stderr.write(`verify:all: this machine cannot be asked: ${a.cannot}\n`)
  process.exit(3)
}
const results: Checked[] = []
/** Bytes. */
const LONG = 20_000
/** Rules that timing calls for or not. */
const TIMING: readonly Rule[] = ['tcp-push', 'tcp-bursts', 'tcp-acks']

for (const [id, s] of o['no-worlds'] ? [] : Object.entries(SCENARIOS)) {
  const ran: Record<string, Record<string, Ran>> = {}
  const asked = Object.entries(s.flows).map(([name, flow]) => ({ name, flow }))
  for (const [whatIf, edits] of [['', []] as const, ...Object.entries(s.whatIfs).map(([name, w]) => [name, w.edits] as const)]) {
    for (const r of await check({ world: id, whatIf: whatIf === '' ? [] : [whatIf] }, applyAll(s.topology, edits), asked, a)) {
      note(r, [id, ...r.whatIf].join(' + '), r.flow)
      // What no lab could be asked is in no recording; what differs is, and says so.
      const of: Ran | null = r.shown !== null ? { shown: r.shown, gaps: r.gaps } : r.verdict === 'not verified' ? { lacks: r.notVerified } : null
      if (of !== null) (ran[r.flow] ??= {})[whatIf] = of
    }
  }
  if (o.record !== undefined) await writeKept(o.record, keep(a.kernel, id, ran))
  // More than the first window holds: bursts and acknowledgements have rules of their own.
  const tcp = Object.values(s.flows).find((f) => f.proto === 'tcp')
  if (tcp !== undefined) for (const r of await check({ world: id, whatIf: [] }, s.topology, [{ name: 'a long write', flow: { ...tcp, size: LONG } }], a)) note(r, id, r.flow)
}
for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
  const { first, text, smallest } = await checkGenerated(seed, a)
  note(first, `generated ${seed}`, text)
  if (smallest !== null) say([...smallest.checked.differences.map((d) => `  ! ${d}`), reproduction(smallest.case)].join('\n'))
}

const total: Partial<Record<Rule, number>> = {}
for (const r of results) for (const [rule, n] of Object.entries(r.allowances)) total[rule as Rule] = (total[rule as Rule] ?? 0) + n
const rules = Object.keys(RULES) as Rule[]
const unused = rules.filter((r) => total[r] === undefined && !TIMING.includes(r))
const verdicts = (v: Checked['verdict']): number => results.filter((r) => r.verdict === v).length
const sum = (of: (r: Checked) => number): number => results.reduce((n, r) => n + of(r), 0)
say([
  '', `Linux ${a.kernel}: ${results.length} flows, ${verdicts('agrees')} agree, ${verdicts('differs')} differ, ${verdicts('not verified')} not verified; ${sum((r) => r.frames)} frames compared, ${sum((r) => r.beyond)} beyond AWS’s drop`,
  ...rules.map((r) => `  allowed ${String(total[r] ?? 0).padStart(6)} × ${r}`), ...unused.map((r) => `never needed: ${r}; take it out of the rules, or verify what needs it`),
].join('\n'))
process.exitCode = verdicts('differs') > 0 || unused.length > 0 ? 1 : 0

function note(r: Checked, where: string, what: string): void {
  results.push(r)
  say([`${MARK[r.verdict]} ${where}: ${what}: ${r.verdict}, ${r.frames} frames${r.beyond > 0 ? `, ${r.beyond} beyond AWS’s drop` : ''}`, ...(r.verdict === 'differs' ? r.differences.map((d) => `  ! ${d}`) : [])].join('\n'))
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) { process.stderr.write(`verify:all: ${name} ${text}: a whole number from 0\n`); process.exit(2) }
  return Number(text)
}
