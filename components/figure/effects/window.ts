import { reading } from '#components/chapter/reading.ts'
import { changed, enter } from '../registry.ts'
import type { FigureStore } from '../store/figure.ts'

/** The picture that a figure shows. */
export function pictureOf(id: string): SVGSVGElement | null {
  return rootOf(id)?.querySelector('svg[data-picture]') ?? null
}

const rootOf = (id: string): HTMLElement | null =>
  document.querySelector(`[data-figure="${CSS.escape(id)}"]`)
const intoWindow = (root: Element | null): void =>
  root?.querySelector('[data-stage]')?.scrollIntoView({ block: 'nearest', behavior: 'instant' })

/** What falls out goes when something else is pressed or has the focus. Returns what ends it. */
function keepMenus(figure: FigureStore, root: HTMLElement): () => void {
  const elsewhere = ({ target }: Event): void => {
    const { menu } = figure.state()
    if (menu === null || !(target instanceof Element)) return
    const mine = target.closest(`[data-menu="${menu}"], [data-opens="${menu}"]`)
    if (mine === null || !root.contains(mine)) figure.dispatch({ type: 'menu', menu })
  }
  // What closes gives the focus back to what opened it.
  const end = figure.onChange((s, before) => {
    const closed =
      before.menu !== s.menu ? before.menu : before.drawer && !s.drawer ? 'drawer' : null
    const inside = document.activeElement?.closest('[data-menu], [role=tabpanel]')
    if (closed !== null && inside && root.contains(inside))
      root.querySelector<HTMLElement>(`[data-opens="${closed}"]`)?.focus({ preventScroll: true })
  })
  document.addEventListener('pointerdown', elsewhere)
  document.addEventListener('focusin', elsewhere)
  return () => {
    end()
    document.removeEventListener('pointerdown', elsewhere)
    document.removeEventListener('focusin', elsewhere)
  }
}

/** Pixels of a finger's way that is a step, in milliseconds. */
const SWIPE = { least: 44, most: 700 }

/** On a touch screen a swipe over the picture is a step; a picture that was zoomed is moved by it. Returns what ends it. */
function keepSwipes(figure: FigureStore, root: HTMLElement): () => void {
  let from: { readonly x: number; readonly y: number; readonly at: number } | null = null
  const down = ({ touches, target, timeStamp: at }: TouchEvent): void => {
    const [t, second] = touches
    const over = target instanceof Element ? target.closest('[data-stage]') : null
    const free = over !== null && over.querySelector('[data-zoomed="true"]') === null
    from =
      free && t !== undefined && second === undefined ? { x: t.clientX, y: t.clientY, at } : null
  }
  const up = ({ changedTouches, timeStamp }: TouchEvent): void => {
    const [t] = changedTouches
    if (from === null || t === undefined || timeStamp - from.at > SWIPE.most) return
    const [dx, dy] = [t.clientX - from.x, t.clientY - from.y]
    from = null
    if (Math.abs(dx) >= SWIPE.least && Math.abs(dx) > 2 * Math.abs(dy))
      figure.dispatch({ type: 'move', by: dx < 0 ? 1 : -1 })
  }
  root.addEventListener('touchstart', down, { passive: true })
  root.addEventListener('touchend', up, { passive: true })
  return () => {
    root.removeEventListener('touchstart', down)
    root.removeEventListener('touchend', up)
  }
}

/** Who wants no movement sees where it leads. */
function calm(figure: FigureStore): void {
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) return
  figure.dispatch({ type: 'pause' })
  figure.dispatch({ type: 'end' })
}

/** Ties a figure to the window it stands in: where the focus goes, and what phrases of the text ask. Returns what ends it. */
export function keepWindow(figure: FigureStore, root: HTMLElement): () => void {
  const { id } = figure.home
  let from: HTMLElement | null = null
  let key = `${figure.state().flow} ${figure.read.key(figure.state())}`
  let tables = figure.read.tables(figure.state())
  const open = (): boolean => figure.read.open(figure.state())
  /** Something was open before the last action: to leave is to close it. */
  let closing = open()
  const ends = [
    keepMenus(figure, root),
    keepSwipes(figure, root),
    figure.onAction((a) => {
      if ((a.type === 'leave' && !closing) || a.type === 'handed')
        root.focus({ preventScroll: true })
      closing = open()
      if (a.type === 'back') {
        from?.scrollIntoView({ block: 'center', behavior: 'instant' })
        from?.focus({ preventScroll: true })
        from = null
      }
    }),
    figure.onChange((s) => {
      const now = `${s.flow} ${figure.read.key(s)}`
      if (now === key && figure.read.tables(s) === tables) return
      key = now
      tables = figure.read.tables(s)
      changed(id)
    }),
    enter(id, {
      key: () => figure.read.key(figure.state()),
      flow: () => figure.state().flow,
      tables: () => figure.read.tables(figure.state()),
      begun: () => figure.state().world.topology,
      change: (whatIf) => figure.dispatch({ type: 'whatIf', whatIf }),
      made: () => figure.state().whatIfs,
      show: (walk, says, step) => {
        figure.dispatch({ type: 'stand', walk, says, ...(step === undefined ? {} : { step }) })
        calm(figure)
      },
      send: (flow) => {
        const { scene } = figure.state()
        figure.dispatch(
          scene === null
            ? { type: 'flow', flow }
            : {
                type: 'scene',
                scene: {
                  ...scene,
                  id: `${scene.id.split('/')[0]}/${flow}`,
                  flow,
                  from: '',
                  to: '',
                },
              },
        )
        figure.dispatch({ type: 'play' })
      },
      peek: (wanted) => {
        if (figure.home.fit === 'stage') figure.dispatch({ type: 'peek', key: wanted })
      },
      reveal: (whatIfs) => {
        figure.dispatch({ type: 'reveal', whatIfs })
        calm(figure)
      },
      ask: (wanted, phrase) => {
        // A stage is in the window, and shows the scene that the phrase is of.
        if (figure.home.fit === 'stage') {
          reading()?.take(phrase.closest('[data-scene]')?.id ?? '')
          figure.dispatch({ type: 'follow' })
        }
        // A phrase of an answer, while the question is open.
        if (figure.home.fit === 'stage' && !figure.read.now(figure.state()).keys.includes(wanted))
          return
        figure.dispatch({ type: 'key', key: wanted })
        if (figure.home.fit === 'stage') return
        const y = scrollY
        intoWindow(root)
        if (scrollY === y) return
        from = phrase
        figure.dispatch({ type: 'away' })
      },
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}
