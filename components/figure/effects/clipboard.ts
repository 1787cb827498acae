import { copyText } from '#components/save/take.ts'
import { controls } from '#components/words/controls.ts'
import type { FigureStore } from '../store/figure.ts'
import { linkTo } from './address.ts'

/** How long it is said that something was copied. */
const SAID_MS = 2500

/** Copies the link to the step when that is asked for, and says how it went. Returns what ends it. */
export function keepClipboard(figure: FigureStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const copy = async (): Promise<void> => {
    const text = linkTo(figure)
    const why = await copyText(text)
    if (why !== null) {
      figure.dispatch({ type: 'uncopied', text, why })
      return
    }
    figure.dispatch({ type: 'copied', said: controls().linkCopied })
    clearTimeout(timer)
    timer = setTimeout(() => figure.dispatch({ type: 'hushed' }), SAID_MS)
  }
  const end = figure.onAction((a) => {
    if (a.type === 'copy') void copy()
  })
  return () => {
    clearTimeout(timer)
    end()
  }
}
