import { useEffect, useRef, type ReactNode } from 'react'
import { controls } from '#components/words/controls.ts'
import { fetchBehind } from '#components/drawer/late.ts'
import { keepClipboard } from '../effects/clipboard.ts'
import { keepTime } from '../effects/time.ts'
import { keepWindow } from '../effects/window.ts'
import { askOf, type Pressed } from '../keys.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** What a key was pressed on. */
function where(e: React.KeyboardEvent): Pressed['where'] {
  if (e.target === e.currentTarget) return 'figure'
  // A box to tick has use for Space alone, and that is its own anyway.
  if (e.target instanceof HTMLInputElement && e.target.type === 'checkbox') return 'inside'
  const field = [HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement]
  return field.some((f) => e.target instanceof f) ? 'field' : 'inside'
}

interface Props {
  readonly children: ReactNode
  /** What stands outside its frame: on a small screen at the window's edge. */
  readonly below: ReactNode
}

/** The figure as a whole: what names it, its keys, and what ties it to the page. */
export function Root({ children, below }: Props) {
  const figure = useFigureStore()
  const root = useRef<HTMLElement>(null)
  const key = useFigure((read, s) => (read.step(s) === undefined ? null : read.key(s)))
  const scene = useFigure((_, s) => s.scene?.id)
  const title = useFigure((_, s) => s.world.title)
  const drawer = useFigure((_, s) => s.drawer)
  useEffect(() => {
    if (root.current === null) return
    const ends = [
      keepWindow(figure, root.current),
      keepTime(figure),
      keepClipboard(figure),
      fetchBehind(),
    ]
    let gone = false
    // Framed by a page of somebody's; other pages need nothing of it.
    if (figure.home.bare === true && parent !== window)
      void import('../effects/host.ts').then(
        ({ keepHost }) => (gone ? undefined : ends.push(keepHost(figure))),
        () => {},
      )
    return () => {
      gone = true
      for (const end of ends) end()
    }
  }, [figure])
  if (key === null) return null
  return (
    <section
      ref={root}
      id={figure.home.id}
      className={css.figure}
      data-figure={figure.home.id}
      data-step-key={key}
      data-shows={scene}
      data-fit={figure.home.bare === true ? 'frame' : (figure.home.fit ?? 'page')}
      role="group"
      aria-label={controls().figureOf(title)}
      tabIndex={0}
      onKeyDown={(e) => {
        if (e.defaultPrevented) return
        const [shift, ctrl] = [e.shiftKey, e.ctrlKey || e.metaKey]
        const ask = askOf({ key: e.key, shift, ctrl, alt: e.altKey, where: where(e) })
        // What was done to a network of the reader's own is taken back where it was done.
        if (ask === null || (figure.home.own && (ask.type === 'undo' || ask.type === 'redo')))
          return
        // With nothing to leave, Escape is the page's.
        if (ask.type === 'leave' && where(e) === 'figure' && !figure.read.open(figure.state()))
          return
        e.preventDefault()
        figure.dispatch(ask)
      }}
    >
      <div className={css.frame} data-drawer={drawer}>
        {children}
      </div>
      {below}
    </section>
  )
}
