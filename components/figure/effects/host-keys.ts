import { wear } from '#components/site/colours.ts'
import type { Said } from '../messages.ts'
import type { FigureStore } from '../store/figure.ts'

/* Keys, focus and slides, between a figure and the page that frames it. Whoever clicks into a frame leaves the page without keys: what the figure has no use for goes back to it. */

interface Host {
  readonly post: (data: unknown) => void
  readonly say: (m: Said) => void
}
interface HostKeys {
  /** What reveal.js tells the frames of a slide (6.0.2: plain strings). */
  readonly slide: (data: unknown) => void
  readonly end: () => void
}

/** What reveal.js calls keys. */
const CODES: Readonly<Record<string, number>> = {
  PageUp: 33,
  PageDown: 34,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
}
const codeOf = (key: string): number | undefined =>
  CODES[key] ?? (/^[a-z]$/i.test(key) ? key.toUpperCase().charCodeAt(0) : undefined)

/** Keys by which a page is scrolled, and those that the browser itself has a use for on what has the focus. */
const SCROLLS = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'])
const BROWSERS = new Set(['Tab', 'Enter', ' ', 'Shift', 'Control', 'Alt', 'Meta', 'Dead'])

const FIELDS = /^(?:INPUT|SELECT|TEXTAREA)$/
const typedInto = (e: KeyboardEvent): boolean =>
  e.isComposing ||
  (e.target instanceof HTMLElement && (FIELDS.test(e.target.tagName) || e.target.isContentEditable))

export function keepHostKeys(figure: FigureStore, { post, say }: Host): HostKeys {
  const { read, state } = figure
  /** It played when its slide was left. */
  let rests = false
  let before = { at: 0, open: false }
  const see = (): void => {
    const { menu, drawer } = state()
    before = { at: read.at(state()), open: menu !== null || drawer }
  }
  const giveBack = (): void => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    parent.focus()
  }
  /** Is it nothing to the figure? At its ends there is nowhere to step. */
  const spare = (e: KeyboardEvent): boolean => {
    if (e.key === 'Escape') return !before.open
    if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') return read.at(state()) === before.at
    return !e.defaultPrevented
  }
  const pressed = (e: KeyboardEvent): void => {
    if (typedInto(e) || e.ctrlKey || e.metaKey || e.altKey || BROWSERS.has(e.key)) return
    const scrolls = document.documentElement.scrollHeight > innerHeight
    if (!spare(e) || (SCROLLS.has(e.key) && scrolls)) return
    if (e.key === 'Escape') giveBack()
    say({ type: 'key', key: e.key })
    const code = codeOf(e.key)
    // A deck says too early that its slide is there, so any page may be one; others do not know the string.
    if (code !== undefined) post(JSON.stringify({ method: 'triggerKey', args: [code] }))
  }
  const unheard = figure.onAction((a) => {
    if (a.type === 'theme') wear(a.theme)
  })
  addEventListener('keydown', see, true)
  addEventListener('keydown', pressed)
  return {
    slide: (data) => {
      if (data !== 'slide:start' && data !== 'slide:stop') return
      const { playing } = state()
      if (data === 'slide:stop') {
        rests = playing
        figure.dispatch({ type: 'pause' })
        // The keys would go on going to a slide that nobody sees.
        if (document.hasFocus()) giveBack()
      } else if (rests && !playing) {
        rests = false
        figure.dispatch({ type: 'play' })
      }
    },
    end: () => {
      removeEventListener('keydown', see, true)
      removeEventListener('keydown', pressed)
      unheard()
    },
  }
}
