'use client'
import { useCallback, useEffect, useMemo, useReducer, useRef, useState, type RefObject } from 'react'
import { lockstep, SCENARIOS, topologyAt, type Edit, type Scenario, type Tick, type Topology } from '#lib/index.ts'
import { layout, type Scene } from '#components/diagram/layout.ts'
import { announce, subscribe, type Asked } from './bus.ts'
import { parts } from './fragment.ts'
import { reduce, walked, type LabAction, type LabState, type Walked } from './lab.ts'
import { read, stepOf, write } from './link.ts'
import { stopAt, stops as stopsOf, withStop, type Stop } from './stops.ts'

export interface LabProps {
  readonly id: string; readonly scenario: string; readonly flow?: string; readonly whatIfs?: readonly string[]; readonly step?: string
  /** World to compare with from the start. */
  readonly against?: string
  /** Worlds the reader may switch to, and what-ifs offered; all when left out. */
  readonly switches?: readonly string[]; readonly alter?: readonly string[]
  /** A world that is not one of ours (the sandbox), with edits on top. */
  readonly custom?: Scenario; readonly edits?: readonly Edit[]; readonly bare?: boolean
  /** How often the page's link changed, of a figure whose world is in the link too: that is read first. */
  readonly heard?: number
}

export const SPEEDS = [0.5, 1, 1.5, 2]
const NO_EDITS: readonly Edit[] = []
/** How long a step stands before the address names it: longer than a frame, shorter than a hand needs to leave. */
const REST_MS = 200

/** The other world of a comparison, and the clock both go by. */
export interface Comparison { readonly now: Walked; readonly scenes: readonly [Scene, Scene]; readonly stops: readonly Stop[]; readonly ticks: readonly Tick[] }

export interface LabModel {
  readonly state: LabState; readonly dispatch: (a: LabAction) => void; readonly scenario: Scenario; readonly now: Walked; readonly scene: Scene
  /** Stops of the detail told, and which the reader is at. While comparing, `at` and `total` count ticks. */
  readonly list: readonly Stop[]; readonly at: number; readonly total: number; readonly stopIndex: number; readonly key: string; readonly topology: Topology
  readonly comparison: Comparison | null
  readonly go: (i: number) => void; readonly goStep: (step: number) => void
  readonly playing: boolean; readonly setPlaying: (p: boolean) => void; readonly speed: number; readonly setSpeed: (s: number) => void
  readonly notice: string | null; readonly dismiss: () => void
  /** To the phrase that led here, if the page was scrolled for it. */
  readonly goBack: (() => void) | null; readonly alive: boolean; readonly link: (step?: number) => string
}

/** Everything a figure shows, from its small state: the walk, its stops, the clock, the link, the play. */
export function useLab(props: LabProps, root: RefObject<HTMLElement | null>): LabModel {
  const { id, custom, edits = NO_EDITS, heard } = props
  const home = useMemo(() => custom ?? SCENARIOS[props.scenario] ?? Object.values(SCENARIOS)[0]!, [custom, props.scenario])
  const begin = useMemo(() => {
    const flow = props.flow ?? Object.keys(home.flows)[0] ?? ''
    const w = walked(home, flow, props.whatIfs ?? [], edits)
    const at: LabState = { scenario: home.id, flow, whatIfs: props.whatIfs ?? [], step: props.step === undefined ? 0 : stepOf(w.keys, props.step).step, detail: 'story', against: props.against ?? null, draw: null }
    return { state: at, now: w, edits }
  }, []) // eslint-disable-line react/exhaustive-deps -- only where it begins
  const [state, put] = useReducer(reduce, begin.state)
  /** What a link asked for: it is no change of the reader's, and the address stays as it came. */
  const asRead = useRef<LabState | null>(null)
  const dispatch = useCallback((a: LabAction): void => { asRead.current = null; put(a) }, [])
  const [notice, setNotice] = useState<string | null>(null)
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [alive, setAlive] = useState(false)
  const [tick, setTick] = useState(0)
  const ready = useRef(false)
  const late = useRef<(() => void) | null>(null)

  const scenario = custom ?? SCENARIOS[state.scenario] ?? home
  const now = useMemo(() => {
    // What it begins with was walked already, to know its step.
    const same = scenario === begin.now.scenario && edits === begin.edits && state.flow === begin.state.flow && state.whatIfs === begin.state.whatIfs && state.draw === begin.state.draw
    return same ? begin.now : walked(scenario, state.flow, state.whatIfs, edits, state.draw)
  }, [scenario, state.flow, state.whatIfs, edits, state.draw, begin])
  const scene = useMemo(() => layout(now.topology, now.walk), [now])
  // A step that is a stop already leaves the list the same, and with it all that is made of it.
  const told = useMemo(() => stopsOf(now.walk, state.detail), [now, state.detail])
  const list = useMemo(() => withStop(now.walk, told, state.step), [now, told, state.step])
  const stopIndex = stopAt(list, state.step)
  const step = list[stopIndex]?.step ?? 0
  const key = now.keys[step] ?? ''
  // Another network of the reader's own is looked at from the same place.
  const [here, setHere] = useState({ custom, key })
  if (here.custom !== custom && custom !== undefined) {
    setHere({ custom, key: here.key })
    put({ type: 'set', state: { ...state, scenario: custom.id, step: stepOf(now.keys, here.key).step } })
  } else if (custom !== undefined && here.key !== key) setHere({ custom, key })
  const topology = useMemo(() => topologyAt(now.walk, step), [now, step])

  // The same flow and what-ifs, as far as the other world has them.
  const other = custom === undefined && state.against !== null ? SCENARIOS[state.against] : undefined
  const comparison = useMemo((): Comparison | null => {
    if (other === undefined) return null
    const theirs = walked(other, state.flow in other.flows ? state.flow : Object.keys(other.flows)[0] ?? '', state.whatIfs.filter((w) => w in other.whatIfs), [], state.draw)
    const stops = stopsOf(theirs.walk, state.detail)
    return { now: theirs, scenes: [layout(now.topology, now.walk, true), layout(theirs.topology, theirs.walk, true)], stops, ticks: lockstep(now.walk, list.map((s) => s.step), theirs.walk, stops.map((s) => s.step)) }
  }, [other, state.flow, state.whatIfs, state.draw, state.detail, now, list])
  const ticks = comparison?.ticks
  // A tick is only that of the state: whoever moves the step otherwise moves the clock to its first tick.
  const at = ticks === undefined ? stopIndex : ticks[tick]?.left === stopIndex ? tick : Math.max(0, ticks.findIndex((t) => t.left === stopIndex))
  const total = ticks === undefined ? list.length : ticks.length

  const go = useCallback((i: number) => {
    const to = Math.max(0, Math.min((ticks?.length ?? list.length) - 1, i))
    setTick(to)
    const s = list[ticks === undefined ? to : ticks[to]?.left ?? 0]
    if (s !== undefined) dispatch({ type: 'go', step: s.step })
  }, [list, ticks, dispatch])
  const goStep = useCallback((n: number) => dispatch({ type: 'go', step: n }), [dispatch])

  // The link names the state; a changed fragment (back button, pasted link) is followed.
  const follow = (first: boolean): void => {
    const l = read(location.hash, id, { scenario: home.id, flow: begin.state.flow, custom })
    // An address without any figure's part is where the reader began; a heading's anchor says nothing of figures.
    if (l === null && (first || parts(location.hash).some((p) => !p.includes('=')))) return
    const target = custom ?? (l === null ? home : SCENARIOS[l.scenario] ?? home)
    const found = l === null ? null : stepOf(walked(target, l.flow, l.whatIfs, edits, l.draw).keys, l.key)
    const to: LabState = l === null || found === null ? { ...begin.state, scenario: target.id } : { scenario: target.id, flow: l.flow, whatIfs: l.whatIfs, step: found.step, detail: l.detail, against: l.against, draw: l.draw }
    asRead.current = to
    late.current = null
    put({ type: 'set', state: to })
    setNotice(l === null || found === null ? null : l.notice ?? (found.exact ? null : 'This link names a step that no longer exists. This is the nearest there is.'))
  }
  const following = useRef(follow)
  useEffect(() => { following.current = follow })
  useEffect(() => {
    following.current(!ready.current)
    ready.current = true
    setAlive(true)
    if (heard !== undefined) return
    const changed = (): void => following.current(false)
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [heard])

  // A step's address is written once it is painted and no other follows: the browser takes longer over an address than we over a step. What else changes is written at once; another world or flow is a place to come back to.
  const before = useRef(state)
  useEffect(() => {
    if (!ready.current || before.current === state) return
    if (asRead.current === state) {
      before.current = state
      asRead.current = null
    }
    if (asRead.current !== null || before.current === state) return
    // Who steps and at once goes to another world comes back to the step.
    if (before.current.scenario !== state.scenario || before.current.flow !== state.flow) late.current?.()
    late.current = null
    const was = before.current
    const stepped = Object.keys(was).every((k) => k === 'step' || state[k as keyof LabState] === was[k as keyof LabState])
    const changed = was.scenario !== state.scenario || was.flow !== state.flow
    const save = (): void => {
      if (before.current === state) return
      before.current = state
      const hash = write(location.hash, id, state, key)
      if (hash === location.hash) return
      if (changed) history.pushState(null, '', hash)
      else history.replaceState(null, '', hash)
    }
    if (!stepped) { save(); return }
    late.current = save
    const t = setTimeout(save, REST_MS)
    return () => clearTimeout(t)
  }, [state, key, id])

  // Prose and picture share one index.
  useEffect(() => { announce(id, { key, keys: now.keys, current: step }) }, [id, key, now.keys, step])
  const [asker, setAsker] = useState<HTMLElement | null>(null)
  useEffect(() => subscribe(`go:${id}`, (wanted) => {
    const { step: to, from } = wanted as Asked
    dispatch({ type: 'go', step: stepOf(now.keys, to).step })
    const y = scrollY
    root.current?.querySelector('[data-stage]')?.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    if (scrollY !== y) setAsker(from)
  }), [id, now.keys, root, dispatch])
  const goBack = useCallback(() => {
    asker?.scrollIntoView({ block: 'center', behavior: 'instant' })
    asker?.focus({ preventScroll: true })
    setAsker(null)
  }, [asker])

  useEffect(() => {
    if (!playing) return
    if (at >= total - 1) { setPlaying(false); return }
    const t = setTimeout(() => go(at + 1), 1500 / speed)
    return () => clearTimeout(t)
  }, [playing, at, total, speed, go])

  const link = (n?: number): string => `${location.origin}${location.pathname}${location.search}${write(location.hash, id, n === undefined ? state : { ...state, step: n }, n === undefined ? key : now.keys[n] ?? '')}`
  return { state, dispatch, scenario, now, scene, list, at, total, stopIndex, key, topology, comparison, go, goStep, playing, setPlaying, speed, setSpeed, notice, dismiss: () => setNotice(null), goBack: asker === null ? null : goBack, alive, link }
}

