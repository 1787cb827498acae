import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dropTitle, type Scenario, type Summary, type WhatIf } from '#lib/index.ts'
import { flowNames } from '#components/figure/store/walked.ts'
import { To } from '#components/site/To.tsx'
import { reference } from '#components/words/en/reference.ts'
import { Entry, Index, Wide } from './Entry.tsx'
import { figureAt, worlds } from './seen.ts'

/** What kernels said of a world's runs, as `npm run verify:all` keeps it; null where nobody asked. */
function summaryOf(world: string): Summary | null {
  try {
    const path = join(process.cwd(), 'public/kernel/summary', `${world}.json`)
    return JSON.parse(readFileSync(path, 'utf8')) as Summary
  } catch {
    return null
  }
}

interface Agreed {
  readonly kernel: string
  readonly verdicts: readonly string[]
}

function agreed(s: Summary): readonly Agreed[] {
  const first = Object.values(s.runs).flatMap((runs) => Object.values(runs).map((t) => t.verdict))
  const also = (s.also ?? []).map(({ kernel, runs }) => ({
    kernel,
    verdicts: Object.values(runs).flatMap((of) => Object.values(of)),
  }))
  return [{ kernel: s.kernel, verdicts: first }, ...also]
}

function said({ kernel, verdicts }: Agreed): string {
  const count = (verdict: string): number => verdicts.filter((v) => v === verdict).length
  const [differ, rest] = [count('differs'), count('not verified')]
  return [
    reference.agreed(kernel, count('agrees'), verdicts.length - rest),
    ...(differ > 0 ? [reference.differ(differ)] : []),
    ...(rest > 0 ? [reference.rest(rest)] : []),
  ].join('; ')
}

const ending = ({ expect }: WhatIf): React.ReactNode =>
  expect === 'delivered' ? (
    reference.delivered
  ) : (
    <To page={`/reference/drops/#${expect}`}>{dropTitle(expect)}</To>
  )

function World({ world }: { readonly world: Scenario }) {
  const [first = ''] = Object.keys(world.flows)
  const kernels = summaryOf(world.id)
  const link = (flow: string, whatIf?: string): string =>
    figureAt({ scenario: world.id, flow, key: '', ...(whatIf === undefined ? {} : { whatIf }) })
  return (
    <Entry id={world.id} title={world.id} name>
      <p>
        {world.title}. <To page={`/embed/${world.id}/`}>{reference.open}</To>
      </p>
      <h3>{reference.flows}</h3>
      <Wide
        label={`${world.id}: ${reference.flows}`}
        heads={[reference.flow, reference.sends]}
        rows={flowNames(world).map(([flow, name]) => [
          <To key="flow" page={link(flow)}>
            <code>{flow}</code>
          </To>,
          name,
        ])}
      />
      <h3>{reference.whatIfs}</h3>
      <Wide
        label={`${world.id}: ${reference.whatIfs}`}
        heads={[reference.whatIf, reference.question, reference.ends]}
        rows={Object.entries(world.whatIfs).map(([id, w]) => [
          <To key="id" page={link(w.flow ?? first, id)}>
            <code>{id}</code>
          </To>,
          w.title,
          ending(w),
        ])}
      />
      <h3>{reference.leavesOut}</h3>
      <ul>
        {world.leavesOut.map((x) => (
          <li key={x}>{x}</li>
        ))}
      </ul>
      {kernels !== null && <h3>{reference.kernels}</h3>}
      {kernels !== null && agreed(kernels).map((k) => <p key={k.kernel}>{said(k)}.</p>)}
      <h3>{reference.sources}</h3>
      <ul>
        {world.sources.map((x) => (
          <li key={x}>
            <a href={x}>{x}</a>
          </li>
        ))}
      </ul>
    </Entry>
  )
}

/** Every world that ships. */
export async function Worlds() {
  const all = await worlds()
  return (
    <>
      <Index of={all.map(({ id }) => ({ id, title: id }))} />
      {all.map((world) => (
        <World key={world.id} world={world} />
      ))}
    </>
  )
}
