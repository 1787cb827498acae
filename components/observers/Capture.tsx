import { capture, tcpdump, type Step, type Walk } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import css from './Observers.module.css'

/** Frames shown; of the earlier ones it is said how many they are. */
const MOST = 6

/** What tcpdump has printed so far on the device of a step. */
export function Capture({ walk, step }: { readonly walk: Walk; readonly step: Step }) {
  const look = step.dev === null ? null : capture(walk.before, { in: step.in, dev: step.dev })
  const frames = walk.frames.filter(
    (f) => f.in === step.in && f.dev === step.dev && f.step <= step.n,
  )
  return (
    <section>
      <p className={css.title}>
        {step.dev === null ? figure().captureIn(step.in) : figure().captureOn(step.dev)}
      </p>
      {look === null ? (
        <p>{figure().betweenDevices}</p>
      ) : (
        <>
          <pre tabIndex={0}>
            {[
              look.command,
              ...(frames.length > MOST ? [figure().earlier(frames.length - MOST)] : []),
              ...frames.slice(-MOST).map((f) => tcpdump(f.packet)),
            ].join('\n')}
          </pre>
          {frames.length === 0 && <p>{figure().nothingYet}</p>}
          {look.note !== null && <p className={css.small}>{look.note}</p>}
        </>
      )}
    </section>
  )
}
