'use client'
import { memo, useRef, useState } from 'react'
import { badgeText, inRuns, runOf, type Scenario } from '#lib/index.ts'
import type { Walked } from '#components/figure/store/walked.ts'
import { notLoaded } from '#components/save/take.ts'
import { useLate } from '#components/site/late.ts'
import { useCome } from '#components/site/sight.ts'
import type CompareWalk from './Compared.tsx'
import type { Unasked } from '#components/words/en/kernel.ts'
import { Marked } from '#components/words/Marked.tsx'
import { kernel } from '#components/words/kernel.ts'
import { useSummary } from './summary.ts'
import css from './Kernel.module.css'

const compares = (): Promise<typeof CompareWalk> => import('./Compared.tsx').then((m) => m.default)

/** The list behind the line, with what compares: loaded when it is opened. */
function Behind(props: React.ComponentProps<typeof CompareWalk>) {
  const { part: Compared, away } = useLate(compares)
  if (Compared !== null) return <Compared {...props} />
  return <p>{away === null ? kernel().reading : kernel().comparesMissing(away)}</p>
}

/** Whether Linux did the same: the recorded run of this world, flow and what-if. */
export const Kernel = memo(function Kernel({
  now,
  ours,
  whatIfs,
  drawn,
}: {
  readonly now: Walked
  /** Our world of the name that is shown: a network of the reader's own is another. */
  readonly ours: Scenario | undefined
  readonly whatIfs: readonly string[]
  readonly drawn: boolean
}) {
  const known = ours === undefined ? {} : { [ours.id]: ours }
  const at = runOf(known, now.scenario, { flow: now.flow, whatIfs, edits: 0 })
  const world = at === null ? null : now.scenario.id
  const [open, setOpen] = useState(false)
  const line = useRef<HTMLDetailsElement>(null)
  const { summary, away } = useSummary(world, useCome(line))
  const told = at === null || summary?.world !== world ? null : inRuns(summary.runs, at)
  const why: Unasked = drawn ? 'drawn' : whatIfs.length > 1 ? 'together' : 'yours'
  const text =
    at === null
      ? kernel().notCompared(why)
      : told === null || summary === null
        ? away
          ? kernel().recordMissing(notLoaded())
          : kernel().compared
        : told.verdict === 'agrees'
          ? kernel().same(/^\d+\.\d+/.exec(summary.kernel)?.[0] ?? summary.kernel, told.frames)
          : (badgeText(summary, at, told) ?? kernel().notAsked)
  return (
    <details
      ref={line}
      className={css.kernel}
      data-kernel={at === null ? 'none' : (told?.verdict ?? 'asked')}
      onToggle={(e) => setOpen(e.currentTarget.open)}
    >
      <summary>{text}</summary>
      {open &&
        (at === null ? (
          <p>
            <Marked text={kernel().askYours(why)} />
          </p>
        ) : (
          <Behind
            key={`${world} ${at.flow} ${at.whatIf}`}
            walk={now.walk}
            world={now.scenario.id}
            at={at}
          />
        ))}
    </details>
  )
})
