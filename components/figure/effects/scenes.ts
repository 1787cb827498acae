import { reading, watch } from '#components/chapter/reading.ts'
import { askOf } from '../keys.ts'
import type { FigureStore } from '../store/figure.ts'
import { parts } from '../store/fragment.ts'
import { own } from '../store/stood.ts'
import { inside, ofScene, spanOf } from '../store/scene.ts'
import type { Scene } from '../store/state.ts'

const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** The scene that owns what is shown, by its number; -1 if none does. */
export function sceneOf({ state, read }: FigureStore, scenes: readonly Scene[]): number {
  const s = state()
  return scenes.findIndex(
    (x) => ofScene(s, x, x.whatIfs) && inside(read.now(s), spanOf(read.now(s), x), s.step),
  )
}

/** Ties a stage to the text beside it: the scene that is read is shown, and who steps out of it turns the page. Returns what ends it. */
export function keepScenes(figure: FigureStore): () => void {
  const book = reading()
  if (book === null || book.stage !== figure.home.id) return () => {}
  const { scenes } = book
  const show = (stay = false): void => {
    const scene = scenes[book.active()]
    if (scene !== undefined)
      figure.dispatch({ type: 'scene', scene, ...(stay ? { stay: true } : {}) })
  }
  const detached = (): boolean => {
    const s = figure.state()
    // A walk that was only looked at goes when the next scene comes.
    return s.scene !== null && !figure.read.attached(own(s))
  }
  /** A link names a scene, or a state that is one's: it is opened there. */
  const open = (): void => {
    const all = parts(location.hash)
    if (!all.some((p) => p.startsWith(`${figure.home.id}=`))) {
      show()
      return
    }
    const named = scenes.findIndex((x) => all.includes(x.id))
    const owner = sceneOf(figure, scenes)
    const here = named >= 0 ? named : owner
    if (here >= 0) book.go(here, 'instant')
    show(true)
  }
  open()
  const changed = (): void => {
    const all = parts(location.hash)
    const scene = all.length === 1 ? scenes.find((x) => x.id === all[0]) : undefined
    if (scene !== undefined) figure.dispatch({ type: 'scene', scene })
  }
  /** Who reads has no control in hand: the page's own keys step, and follow. */
  const pressed = (e: KeyboardEvent): void => {
    if (e.defaultPrevented || document.activeElement !== document.body) return
    const { key, shiftKey: shift, altKey: alt } = e
    const ask = askOf({ key, shift, alt, ctrl: e.ctrlKey || e.metaKey, where: 'inside' })
    if (ask?.type !== 'move' && ask?.type !== 'follow') return
    e.preventDefault()
    figure.dispatch(ask)
  }
  addEventListener('keydown', pressed)
  addEventListener('hashchange', changed)
  const ends = [
    () => removeEventListener('keydown', pressed),
    () => removeEventListener('hashchange', changed),
    watch(() => {
      if (!detached()) show()
      // What is read next is fetched while this is read.
      const after = scenes[book.active() + 1]
      if (after !== undefined) void figure.worlds.bring([after.scenario])
    }),
    figure.onAction((a) => {
      if (a.type === 'follow') show()
      if (a.type === 'read') open()
    }),
    figure.onChange(({ turn }, before) => {
      if (turn === 0 || before.turn !== 0) return
      figure.dispatch({ type: 'turned' })
      book.go(book.active() + turn, still() ? 'instant' : 'smooth')
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}
