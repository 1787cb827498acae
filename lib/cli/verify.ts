import { brief } from '#lib/analysis/kernel/recorded.ts'
import { flowText, rulesOf } from '#lib/analysis/kernel/verify.ts'
import { check, type Asked, type Checked } from './check.ts'
import { listedWorld } from '#lib/worlds/index.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { asksFor, flowOf, whole } from './flow.ts'
import { kernelFor } from './kernels.ts'
import { shown } from './near.ts'
import { KERNELS } from './options.ts'
import { pairsOf } from './pairs.ts'
import { during } from './progress.ts'
import type { Read } from './read.ts'
import { cli } from './words.ts'
import { plain, short, UsageError } from './usage.ts'
import { whatIfsOf, worldOf } from './world.ts'

/** `packet-walk verify`. Returns the exit status: 0 agrees, 1 differs, 3 this machine cannot be asked. */
export async function verify(r: Read, out: (s: string) => void): Promise<number> {
  const quiet = r.has('json')
  const world = await during(quiet, async (say) => {
    say(cli().reading(shown(r.words[0] ?? '')))
    return worldOf('verify', r.words, r.all('what-if'))
  })
  const { asked, leftOut } =
    asksFor(r) === null
      ? everyFlow(world, r)
      : { asked: [one(r.one('flow'), flowOf(world, r))], leftOut: null }
  const { kernel: a, says } = kernelFor(kernelOf(r), world.topology)
  if (a.cannot !== null) {
    told(cli().cannotBeAsked(a.cannot))
    return 3
  }
  for (const line of [says, leftOut]) if (line !== null) told(line)
  const about = { world: world.id, whatIf: whatIfsOf(r.all('what-if')) }
  const began =
    (say: (what: string) => void) =>
    (n: number): void =>
      say(cli().sending(n + 1, asked.length, shown(asked[n]?.name ?? '')))
  const results = await during(quiet, async (say) => {
    try {
      return await check({ ...about, topology: world.topology }, asked, {
        ability: a,
        began: began(say),
      })
    } finally {
      await a.close()
    }
  })
  const bare = results.map(({ pairs: _pairs, shown: _shown, gaps: _gaps, ...rest }) => rest)
  out(
    quiet
      ? `${JSON.stringify({ version: 1, kernel: a.kernel, results: bare })}\n`
      : results.map((x) => print(x, results.length === 1)).join(''),
  )
  return results.every((x) => x.verdict !== 'differs') ? 0 : 1
}

const told = (line: string): void => {
  process.stderr.write(
    `packet-walk: ${short(plain(cli().inVerify(line.replaceAll(/\s+/g, ' '))))}\n`,
  )
}

function kernelOf(r: Read): (typeof KERNELS)[number] {
  const named = r.one('kernel') ?? 'auto'
  const known = KERNELS.find((k) => k === named)
  if (known === undefined) throw new UsageError(cli().noKernel(shown(named), KERNELS))
  return known
}

/** Flows that are sent when none is named: more would take minutes. */
const MOST = 64

/** Every flow of a world; of a file its flows and all pairs, and what of those is left out. */
function everyFlow(
  world: Scenario,
  r: Read,
): { readonly asked: readonly Asked[]; readonly leftOut: string | null } {
  const draw = whole(r, 'draw', [0, 0xffffffff])
  const drawn = (x: Asked): Asked => (draw === undefined ? x : { ...x, flow: { ...x.flow, draw } })
  const named = Object.entries(world.flows).map(([name, flow]) => ({ name, flow }))
  if (listedWorld(world.id) !== undefined) return { asked: named.map(drawn), leftOut: null }
  const { sent, of } = pairsOf(world.topology, MOST)
  const same = (x: Asked): boolean =>
    sent.some((p) => JSON.stringify(p.flow) === JSON.stringify(x.flow))
  const asked = [...named.filter((x) => !same(x)), ...sent].map(drawn)
  return {
    asked,
    leftOut: sent.length === of ? null : cli().somePairs(sent.length, of),
  }
}

const one = (name: string | undefined, flow: Asked['flow']): Asked => ({
  name: name ?? flowText(flow),
  flow,
})

const MARK = { agrees: '✓', differs: '✗', 'not verified': '–' } as const

/** One flow: a line for the whole; frame by frame if it is the only one or differs. */
function print(r: Checked, whole: boolean): string {
  const lines = [
    `${MARK[r.verdict]} ${cli().verdict({ ...r, world: [r.world, ...r.whatIf].join(' + '), twice: r.asked === 2 })}`,
  ]
  if (whole || r.verdict === 'differs') {
    r.pairs.forEach((p, i) => {
      const mark =
        p.differences.length === 0 ? '=' : p.ours === null ? '+' : p.kernel === null ? '-' : '≠'
      lines.push(
        `  ${String(i + 1).padStart(3)} ${mark} ${brief((p.kernel ?? p.ours)!)}`,
        ...(p.kernel !== null && p.ours !== null ? p.differences.map((d) => `        ${d}`) : []),
      )
    })
    if (r.verdict === 'differs')
      lines.push(`  ${cli().marks}`, ...r.differences.map((d) => `  ! ${d}`))
    for (const { rule, count, text } of rulesOf(r.allowances))
      lines.push(`  ${cli().allowed(count, rule, text)}`)
  }
  return `${[...lines, ...r.notVerified.map((x) => `  ${cli().notVerified(x)}`)].join('\n')}\n`
}
