import { StepList } from '../StepList.tsx'
import { controls } from '#components/words/controls.ts'
import { useFigure, useFigureStore } from '../use.tsx'

/** Steps listed in a page as built: the first packet's way. */
const AT_REST = 24

/** Without scripts the walk is read: what the drawer lists when it is alive. */
export function Written() {
  const { read, state, dispatch, home } = useFigureStore()
  const alive = useFigure((_, s) => s.alive)
  if (alive || home.own) return null
  const s = state()
  return (
    <noscript>
      <p>{controls().inWords}</p>
      <StepList
        walk={read.now(s).walk}
        stops={read.list(s)}
        at={read.stop(s)}
        most={AT_REST}
        dispatch={dispatch}
      />
    </noscript>
  )
}
