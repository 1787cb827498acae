import { useEffect, useRef } from 'react'
import { mtuAt } from '#lib/index.ts'
import { Cost } from '#components/compare/Cost.tsx'
import { whereOf } from '#components/diagram/place.ts'
import type { FigureStore } from '#components/figure/store/figure.ts'
import type { FigureState, Tab } from '#components/figure/store/state.ts'
import { sidesOf, viewOf, type View } from '#components/figure/sides.ts'
import { StepList } from '#components/figure/StepList.tsx'
import { later } from '#components/figure/use.tsx'
import { Bytes } from '#components/packet/Bytes.tsx'
import { HeaderStack } from '#components/packet/HeaderStack.tsx'
import { Why } from '#components/why/Why.tsx'
import { SeenBy } from './SeenBy.tsx'
import { Tables } from './Tables.tsx'
import css from './Drawer.module.css'

/** Steps listed of a walk. */
const MOST_LISTED = 600

/** What the drawer holds: what its tab tells of the step. */
export const Body = later(function Body({ s, figure }) {
  const view = viewOf(figure, s)
  const tab = figure.read.tab(s)
  const body = useRef<HTMLDivElement>(null)
  const step = view?.step
  // The row that decided is brought into the drawer; the page stays where it is.
  useEffect(() => {
    const row = body.current?.querySelector('[data-lit="true"]')
    const drawer = body.current?.parentElement
    if (!row || !drawer) return
    const [r, d] = [row.getBoundingClientRect(), drawer.getBoundingClientRect()]
    if (r.top < d.top || r.bottom > d.bottom) drawer.scrollTop += r.top - d.top - d.height / 3
  }, [step, tab])
  if (view === null) return null
  const looking = tab === 'Tables' && s.look?.step === view.step.n
  return (
    <div ref={body}>
      {!looking && tab !== 'Steps' && tab !== 'Cost' && (
        <p className={css.place}>
          <b>{view.step.in}</b>
          {whereOf(view.step)} {s.detail !== 'story' && <span>{view.step.stage}</span>}
        </p>
      )}
      {PARTS[tab](view, figure, s)}
    </div>
  )
})

const PARTS: {
  readonly [T in Tab]: (v: View, figure: FigureStore, s: FigureState) => React.ReactNode
} = {
  Why: (v, { dispatch }) => (
    <Why step={v.step} topology={v.topology} questions={v.questions} dispatch={dispatch} />
  ),
  Bytes: ({ step, before, walk }) => (
    <>
      <HeaderStack packet={step.packet} before={before} mtu={mtuAt(walk.before, step)} />
      <Bytes packet={step.packet} before={before} />
    </>
  ),
  Tables: ({ walk, step, since, own }, _, { look }) => (
    <Tables
      look={look?.step === step.n ? look.name : null}
      walk={walk}
      step={step}
      since={since}
      own={own}
    />
  ),
  'Seen by': ({ walk, step }) => <SeenBy walk={walk} step={step} />,
  Steps: (_, { read, dispatch }, s) => (
    <StepList
      walk={read.now(s).walk}
      stops={read.list(s)}
      at={read.stop(s)}
      most={MOST_LISTED}
      dispatch={dispatch}
    />
  ),
  Cost: (_, figure, s) => <Cost sides={sidesOf(figure, s)} />,
}
