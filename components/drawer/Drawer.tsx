import { memo } from 'react'
import { useFigure, useFigureStore } from '#components/figure/use.tsx'
import { useLate } from '#components/site/late.ts'
import { controls } from '#components/words/controls.ts'
import { behind } from './late.ts'
import { panelId, tabId } from './Tabs.tsx'
import css from './Drawer.module.css'

/** Why, the bytes, the tables, who sees what, the walk in words: open while one steps, closed at first. */
export const Drawer = memo(function Drawer() {
  const { home } = useFigureStore()
  const open = useFigure((_, s) => s.drawer)
  const tab = useFigure((read, s) => read.tab(s))
  if (!open) return null
  return (
    <div
      role="tabpanel"
      id={panelId(home.id)}
      aria-labelledby={tabId(home.id, tab)}
      className={css.drawer}
      data-drawer-body=""
      tabIndex={0}
    >
      <Inside />
    </div>
  )
})

function Inside() {
  const { part, away } = useLate(behind)
  if (part !== null) return <part.Body />
  return <p role="status">{away === null ? controls().looking : controls().drawerMissing(away)}</p>
}
