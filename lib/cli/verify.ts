import { parseArgs } from 'node:util'
import { brief } from '#lib/analysis/agree.ts'
import { flowText, rulesOf } from '#lib/analysis/verify.ts'
import { check, type Asked, type Checked } from './check.ts'
import { ability } from './kernel-lab.ts'
import { flowOf, FLOW_OPTIONS } from './trace.ts'
import { VERIFY_HELP } from './usage.ts'
import { worldOf } from './world.ts'

/** `packet-walk verify`. Returns the exit status: 0 agrees, 1 differs, 3 this machine cannot be asked. */
export async function verify(argv: readonly string[], out: (s: string) => void): Promise<number> {
  const { values: o, positionals } = parseArgs({ args: [...argv], options: { ...FLOW_OPTIONS, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, 'what-if': { type: 'string', multiple: true } }, allowPositionals: true })
  if (o.help === true) { out(VERIFY_HELP); return 0 }
  const world = await worldOf('verify', positionals, o['what-if'])
  const asked: Asked[] = o.flow === undefined && o.from === undefined && o.to === undefined ? Object.entries(world.flows).map(([name, flow]) => ({ name, flow })) : [one(o.flow, flowOf(world, o))]
  const a = ability()
  if (a.cannot !== null) { process.stderr.write(`packet-walk: verify: this machine cannot be asked: ${a.cannot}\n`); return 3 }
  const results = await check({ world: world.id, whatIf: (o['what-if'] ?? []).flatMap((x) => x.split(',')) }, world.topology, asked, a)
  const plain = results.map(({ pairs: _pairs, shown: _shown, gaps: _gaps, ...r }) => r)
  out(o.json === true ? `${JSON.stringify({ version: 1, kernel: a.kernel, results: plain })}\n` : results.map((r) => print(r, results.length === 1)).join('\n'))
  return results.every((r) => r.verdict !== 'differs') ? 0 : 1
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
