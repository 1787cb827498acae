/** `npm run verify:all`: every world with each of its what-ifs, and clusters nobody thought of, against the kernel. Needs Linux and root. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { RULES, type Rule } from '#lib/analysis/verify.ts'
import { check, type Checked } from '#lib/cli/check.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { applyAll } from '#lib/topology/apply.ts'
import { checkGenerated, reproduction } from './generate.ts'

type Kept = Pick<Checked, 'frames' | 'beyond' | 'allowances' | 'notVerified'>
/** What the figures' badge reads: world, flow, what-ifs joined by commas ('' for none). What differs is not in it. */
interface Recorded { readonly version: 1; readonly kernel: string; readonly worlds: Record<string, { readonly flows: Record<string, Record<string, Kept>> }> }

const MARK = { agrees: '✓', differs: '✗', 'not verified': '–' } as const
const { values: o } = parseArgs({ options: { record: { type: 'string' }, generated: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' }, 'no-worlds': { type: 'boolean', default: false } } })
const [count, firstSeed] = [whole('--generated', o.generated), whole('--seed', o.seed)]
const say = (s: string): void => { process.stdout.write(`${s}\n`) }

const a = ability()
if (a.cannot !== null) {
  process.stderr.write(`verify:all: this machine cannot be asked: ${a.cannot}\n`)
  process.exit(3)
}
const results: Checked[] = []
const recorded: Recorded = { version: 1, kernel: a.kernel, worlds: {} }

for (const [id, s] of o['no-worlds'] ? [] : Object.entries(SCENARIOS)) {
  const asked = Object.entries(s.flows).map(([name, flow]) => ({ name, flow }))
  for (const [whatIf, edits] of [['', []] as const, ...Object.entries(s.whatIfs).map(([name, w]) => [name, w.edits] as const)]) {
    for (const r of await check({ world: id, whatIf: whatIf === '' ? [] : [whatIf] }, applyAll(s.topology, edits), asked, a)) {
      note(r, [id, ...r.whatIf].join(' + '), r.flow)
      if (r.verdict !== 'differs') ((recorded.worlds[id] ??= { flows: {} }).flows[r.flow] ??= {})[whatIf] = { frames: r.frames, beyond: r.beyond, allowances: r.allowances, notVerified: r.notVerified }
    }
  }
}
for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
  const { first, text, smallest } = await checkGenerated(seed, a)
  note(first, `generated ${seed}`, text)
  if (smallest !== null) say([...smallest.checked.differences.map((d) => `  ! ${d}`), reproduction(smallest.case)].join('\n'))
}

const total: Partial<Record<Rule, number>> = {}
for (const r of results) for (const [rule, n] of Object.entries(r.allowances)) total[rule as Rule] = (total[rule as Rule] ?? 0) + n
const rules = Object.keys(RULES) as Rule[]
const unused = rules.filter((r) => total[r] === undefined)
const verdicts = (v: Checked['verdict']): number => results.filter((r) => r.verdict === v).length
const sum = (of: (r: Checked) => number): number => results.reduce((n, r) => n + of(r), 0)
say([
  '', `Linux ${a.kernel}: ${results.length} flows, ${verdicts('agrees')} agree, ${verdicts('differs')} differ, ${verdicts('not verified')} not verified; ${sum((r) => r.frames)} frames compared, ${sum((r) => r.beyond)} beyond AWS’s drop`,
  ...rules.map((r) => `  allowed ${String(total[r] ?? 0).padStart(6)} × ${r}`), ...unused.map((r) => `never needed: ${r}; take it out of the rules, or verify what needs it`),
].join('\n'))
if (o.record !== undefined) await writeFile(o.record, `${JSON.stringify(recorded)}\n`)
process.exitCode = verdicts('differs') > 0 || unused.length > 0 ? 1 : 0

function note(r: Checked, where: string, what: string): void {
  results.push(r)
  say([`${MARK[r.verdict]} ${where}: ${what}: ${r.verdict}, ${r.frames} frames${r.beyond > 0 ? `, ${r.beyond} beyond AWS’s drop` : ''}`, ...(r.verdict === 'differs' ? r.differences.map((d) => `  ! ${d}`) : [])].join('\n'))
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) { process.stderr.write(`verify:all: ${name} ${text}: a whole number from 0\n`); process.exit(2) }
  return Number(text)
}
