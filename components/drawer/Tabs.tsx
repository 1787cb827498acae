import { memo } from 'react'
import type { Tab } from '#components/figure/store/state.ts'
import { useFigure, useFigureStore } from '#components/figure/use.tsx'
import { controls } from '#components/words/controls.ts'
import css from './Drawer.module.css'

/** The ids of a tab and of what it opens. */
export const tabId = (figure: string, t: Tab): string => `${figure}-tab-${t.replace(' ', '-')}`
export const panelId = (figure: string): string => `${figure}-drawer`

/** What there is to look at of a step. The drawer is closed until one is pressed, and when it is pressed again. */
export const Tabs = memo(function Tabs() {
  const { home, dispatch } = useFigureStore()
  const tabs = useFigure((read, s) => read.tabs(s))
  const tab = useFigure((read, s) => read.tab(s))
  const open = useFigure((_, s) => s.drawer)
  const turn = (i: number, e: React.KeyboardEvent): void => {
    const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
    if (d === 0) return
    e.preventDefault()
    e.stopPropagation()
    const next = tabs[(i + d + tabs.length) % tabs.length]!
    dispatch({ type: 'tab', tab: next })
    document.getElementById(tabId(home.id, next))?.focus()
  }
  return (
    <div role="tablist" aria-label={controls().about} className={css.tabs}>
      {tabs.map((t, i) => (
        <button
          key={t}
          type="button"
          role="tab"
          id={tabId(home.id, t)}
          data-opens={t === tab ? 'drawer' : undefined}
          aria-selected={open && tab === t}
          aria-controls={open ? panelId(home.id) : undefined}
          tabIndex={tab === t ? 0 : -1}
          onClick={() => dispatch({ type: 'tab', tab: t })}
          onKeyDown={(e) => turn(i, e)}
        >
          {controls().tab(t)}
        </button>
      ))}
    </div>
  )
})
