import type { Scenario } from '#lib/index.ts'
import { BASE } from '#components/site/base.ts'
import { links } from '#components/words/links.ts'
import type { FigureStore } from '../store/figure.ts'
import { parts } from '../store/fragment.ts'
import { read as readLink, stepOf, worldsIn, write, type Linked } from '../store/link.ts'
import type { FigureState, Shown } from '../store/state.ts'

/** How long a step stands before the address names it: longer than a frame, shorter than a hand needs to leave. */
const REST_MS = 300
const WRITTEN = ['scenario', 'flow', 'whatIfs', 'detail', 'against', 'draw'] as const

/** The address of a step, or of what is shown. */
export function linkTo(figure: FigureStore, step?: number): string {
  const s = figure.state()
  const key = step === undefined ? figure.read.key(s) : (figure.read.now(s).keys[step] ?? '')
  const hash = named(figure, s, write(location.hash, figure.home.id, { ...s, key }))
  return `${location.origin}${location.pathname}${location.search}${hash}`
}

/** With the scene it is a step of. */
const named = ({ read }: FigureStore, s: FigureState, hash: string): string =>
  s.scene !== null && read.attached(s) ? `${hash}&${s.scene.id}` : hash

/** What the address says of a state: a scene that is as it begins, or whose question was answered, is named, nothing else; who opens the link of an answer is asked first. */
function hashOf(figure: FigureStore, s: FigureState, key: string): string {
  const { scene } = s
  const alone =
    scene !== null &&
    figure.read.attached(s) &&
    (s.answered.includes(scene.id) || s.step === figure.read.span(s)?.from) &&
    s.against === scene.against &&
    s.detail === scene.detail
  return alone
    ? `#${scene.id}`
    : named(figure, s, write(location.hash, figure.home.id, { ...s, key }))
}

/** A frame has the colours that were chosen when it was copied; chosen by nobody, those of the reader's system. */
const themed = (): string => {
  const t = document.documentElement.dataset['theme']
  return t === undefined ? '' : `?theme=${t}`
}

/** The address of the figure alone, for a frame in another page; a network of the reader's own takes itself along. */
export function embedOf(figure: FigureStore): string {
  const { home } = figure
  const at = `${location.origin}${BASE}/embed/`
  const hash = linkTo(figure).replace(/^[^#]*/, '')
  if (home.own) return `${at}sandbox/${themed()}${hash}`
  const mine = new RegExp(`(^#|&)${home.id}(=|\\.view=)`, 'g')
  return `${at}${figure.state().scenario}/${themed()}${hash.replace(mine, '$1f$2')}`
}

/** Next draws its pages anew for each address that is written by way of its own `replaceState`. A fragment is no page of its: it is written past that, with what Next keeps in the entry. */
const replace = (hash: string): void => {
  History.prototype.replaceState.call(history, history.state, '', hash)
}

export interface Address {
  /** Reads the page's address into the figure. `first`: nothing was read yet. */
  readonly follow: (first: boolean) => void
  /** Does what is no change of the reader's: the address stays as it came. */
  readonly silent: (f: () => void) => void
  readonly end: () => void
}

/** Keeps the page's fragment and a figure the same: what is shown is written, what is pasted or gone back to is read. */
export function keepAddress(figure: FigureStore): Address {
  const begin = figure.state()
  /** What the address says. */
  let written: FigureState = begin
  let late: (() => void) | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let reading = false

  // A step's address is written once it is painted and no other follows: the browser takes longer over an address than we over a step. What else changes is written at once; another world or flow is a place to come back to.
  const end = figure.onChange((s, before) => {
    const same = WRITTEN.every((k) => s[k] === before[k]) && s.world === before.world
    if (reading || s.peek !== null || s.stood !== null || (same && s.step === before.step)) return
    clearTimeout(timer)
    // Who steps and at once goes to another world comes back to the step.
    const turned = s.scene !== before.scene
    const moved = !turned && (before.scenario !== s.scenario || before.flow !== s.flow)
    if (moved) late?.()
    late = null
    const stepped = WRITTEN.every((k) => s[k] === written[k])
    const save = saver(s, moved)
    if (!stepped && !turned) {
      save()
      return
    }
    late = save
    timer = setTimeout(save, REST_MS)
  })
  function saver(s: FigureState, moved: boolean): () => void {
    const key = figure.read.key(s)
    return () => {
      if (written === s) return
      written = s
      const hash = hashOf(figure, s, key)
      if (hash === location.hash) return
      if (moved) history.pushState(null, '', hash)
      else replace(hash)
    }
  }

  const silent = (f: () => void): void => {
    clearTimeout(timer)
    late = null
    reading = true
    f()
    reading = false
    written = figure.state()
  }
  let over = false
  const follow = (first: boolean): void => {
    const { hash } = location
    const l = linked(figure, begin)
    // A heading's anchor says nothing of figures.
    if (l === null && (first || parts(hash).some((p) => !p.includes('=')))) return
    figure.when(namedBy(figure, l), () => {
      if (over || location.hash !== hash) return
      silent(() => figure.dispatch({ type: 'read', ...asked(figure, begin) }))
    })
  }
  return {
    silent,
    follow,
    end: () => {
      over = true
      clearTimeout(timer)
      end()
    },
  }
}

/** What the address says of a figure; null if nothing. */
function linked({ home, state, worlds }: FigureStore, begin: FigureState): Linked | null {
  const custom = home.own ? state().world : undefined
  return readLink(location.hash, home.id, {
    scenario: home.world.id,
    flow: begin.flow,
    custom,
    here: worlds.here,
  })
}

/** The worlds that the address names. */
const namedBy = (figure: FigureStore, l: Linked | null): readonly string[] =>
  figure.home.own ? [] : worldsIn(l)

interface Found {
  readonly shown: Shown
  readonly world: Scenario
  readonly notice: string | null
}

/** What the address asks of a figure. Without any figure's part it is where the reader began. */
function asked(figure: FigureStore, begin: FigureState): Found {
  const { home, read, worlds } = figure
  const s = figure.state()
  const custom = home.own ? s.world : undefined
  const l = linked(figure, begin)
  if (l === null) {
    const world = custom ?? home.world
    return { shown: { ...shownOf(begin), scenario: world.id }, world, notice: null }
  }
  const world = custom ?? worlds.here(l.scenario) ?? home.world
  const shown = { ...shownOf(l), scenario: world.id }
  const to = stepOf(read.now({ ...s, ...shown, world }).keys, l.key)
  return {
    shown: { ...shown, step: to.step },
    world,
    notice: l.notice ?? (to.exact ? null : links().stepGone),
  }
}

const shownOf = (x: Linked | FigureState): Shown => ({
  scenario: x.scenario,
  flow: x.flow,
  whatIfs: x.whatIfs,
  step: 'step' in x ? x.step : 0,
  detail: x.detail,
  against: x.against,
  draw: x.draw,
})
