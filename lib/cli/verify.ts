import { brief } from '#lib/analysis/agree.ts'
import { flowText, rulesOf } from '#lib/analysis/verify.ts'
import { check, type Asked, type Checked } from './check.ts'
import { asksFor, flowOf } from './flow.ts'
import { ability } from './kernel-lab.ts'
import type { Read } from './read.ts'
import { whatIfsOf, worldOf } from './world.ts'

/** `packet-walk verify`. Returns the exit status: 0 agrees, 1 differs, 3 this machine cannot be asked. */
export async function verify(r: Read, out: (s: string) => void): Promise<number> {
  const world = await worldOf('verify', r.words, r.all('what-if'))
  const asked: readonly Asked[] = asksFor(r) === null ? Object.entries(world.flows).map(([name, flow]) => ({ name, flow })) : [one(r.one('flow'), flowOf(world, r))]
  const a = ability()
  if (a.cannot !== null) { process.stderr.write(`packet-walk: verify: this machine cannot be asked: ${a.cannot}\n`); return 3 }
  const results = await check({ world: world.id, whatIf: whatIfsOf(r.all('what-if')) }, world.topology, asked, a)
  const plain = results.map(({ pairs: _pairs, shown: _shown, gaps: _gaps, ...rest }) => rest)
  out(r.has('json') ? `${JSON.stringify({ version: 1, kernel: a.kernel, results: plain })}\n` : results.map((x) => print(x, results.length === 1)).join('\n'))
  return results.every((x) => x.verdict !== 'differs') ? 0 : 1
}

const one = (name: string | undefined, flow: Asked['flow']): Asked => ({ name: name ?? flowText(flow), flow })

/** One flow: a line for the whole; frame by frame if it is the only one or differs. */
function print(r: Checked, whole: boolean): string {
  const lines = [`${r.verdict === 'agrees' ? '✓' : r.verdict === 'differs' ? '✗' : '–'} ${[r.world, ...r.whatIf].join(' + ')}, ${r.flow}: ${r.verdict}, ${r.frames} frames compared${r.beyond > 0 ? `, ${r.beyond} beyond AWS’s drop` : ''}${r.asked === 2 ? ', asked twice' : ''} (Linux ${r.kernel})`]
  if (whole || r.verdict === 'differs') {
    r.pairs.forEach((p, i) => {
      const mark = p.differences.length === 0 ? '=' : p.ours === null ? '+' : p.kernel === null ? '-' : '≠'
      lines.push(`  ${String(i + 1).padStart(3)} ${mark} ${brief((p.kernel ?? p.ours)!)}`, ...(p.kernel !== null && p.ours !== null ? p.differences.map((d) => `        ${d}`) : []))
    })
    if (r.verdict === 'differs') lines.push('  = both, + only the kernel, - only the walk, ≠ both, but:', ...r.differences.map((d) => `  ! ${d}`))
    for (const { rule, count, text } of rulesOf(r.allowances)) lines.push(`  allowed ${count} × ${rule}: ${text}`)
  }
  return `${[...lines, ...r.notVerified.map((x) => `  not verified: ${x}`)].join('\n')}\n`
}
