import { memo } from 'react'
import { BASE } from '#components/site/base.ts'
import { Kernel } from '#components/kernel/Kernel.tsx'
import { sandboxHash } from '#components/sandbox/carry.ts'
import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** Whether Linux did the same. */
export const Linux = memo(function Linux() {
  const { worlds } = useFigureStore()
  const now = useFigure((read, s) => read.now(s))
  const whatIfs = useFigure((_, s) => s.whatIfs)
  const drawn = useFigure((_, s) => s.draw !== null)
  return <Kernel now={now} ours={worlds.here(now.scenario.id)} whatIfs={whatIfs} drawn={drawn} />
})

/** What this world leaves out of the true one. */
export function LeavesOut() {
  const leavesOut = useFigure((_, s) => s.world.leavesOut)
  const aws = useFigure((read, s) => read.scene(s).vpc?.aws === true)
  return (
    <details className={css.more}>
      <summary>{controls().leavesOut}</summary>
      <ul>
        {leavesOut.map((l) => (
          <li key={l}>{l}</li>
        ))}
        {aws && <li>{controls().leavesOutVpc}</li>}
      </ul>
    </details>
  )
}

/** The same tables, at the same step, where every row can be changed. In a frame of somebody's page it has a page of its own. */
export function InSandbox() {
  const { home } = useFigureStore()
  const fragment = useFigure((read, s) => sandboxHash(s, read.key(s)))
  return (
    <a
      className={css.plain}
      href={`${BASE}/sandbox/${fragment}`}
      {...(home.bare === true ? { target: '_blank', rel: 'noopener' } : {})}
    >
      {controls().inSandbox}
    </a>
  )
}
