import { links } from '#components/words/links.ts'
import { heard, MARK, shown, stepsOf, worldsNamed, type Said } from '../messages.ts'
import type { FigureStore } from '../store/figure.ts'
import { keepHeight } from './height.ts'
import { keepHostKeys } from './host-keys.ts'

/** The one origin that the address lets lead and hear; `*` if it names none, null if what it names is no origin. */
export function hostOf(search: string): string | null {
  const asked = new URLSearchParams(search).get('host')
  if (asked === null) return '*'
  const origin = URL.canParse(asked) ? new URL(asked).origin : 'null'
  return origin === 'null' ? null : origin
}

/** Lets the page that frames this one lead the figure, and tells it what is shown. Only the frame's own parent is listened to. Returns what ends it. */
export function keepHost(figure: FigureStore): () => void {
  const host = hostOf(location.search)
  if (host === null) {
    figure.dispatch({ type: 'missing', notice: links().noHost })
    return () => {}
  }
  // Anybody may frame an embed whose address names nobody: what is said is on its screen anyway.
  const post = (data: unknown): void => parent.postMessage(data, host)
  const say = (m: Said): void => post({ [MARK]: 1, ...m })
  let over = false
  const answer = (data: unknown): void => {
    const asks = over ? null : heard(data, figure)
    if (typeof asks === 'string') say({ type: 'error', message: asks })
    else for (const a of asks ?? []) figure.dispatch(a)
  }
  // One after the other, and none while a world is on its way: what a message names is looked up in the world it finds.
  let turn = Promise.resolve()
  const hear = ({ source, origin, data }: MessageEvent): void => {
    if (source !== parent || (host !== '*' && origin !== host)) return
    keys.slide(data)
    turn = turn
      .then(figure.settled)
      .then(() => figure.when(over ? [] : worldsNamed(data), () => {}))
      .then(figure.settled)
      .then(() => answer(data))
      .catch((error: unknown) => reportError(error))
  }
  const keys = keepHostKeys(figure, { post, say })
  let told = JSON.stringify(shown(figure))
  // A world that did not come, whoever asked for it: nothing else would tell who waits for it.
  const unheard = figure.onAction((a) => {
    if (a.type === 'missing') say({ type: 'error', message: a.notice })
  })
  const unwatched = figure.onChange(() => {
    const now = shown(figure)
    const text = JSON.stringify(now)
    if (text === told) return
    told = text
    say({ type: 'step', ...now })
  })
  const unsized = keepHeight((height) => say({ type: 'resize', height }))
  addEventListener('message', hear)
  say({ type: 'ready', steps: stepsOf(figure), ...shown(figure) })
  return () => {
    over = true
    removeEventListener('message', hear)
    unsized()
    keys.end()
    unheard()
    unwatched()
  }
}
