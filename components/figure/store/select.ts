import {
  concerns,
  explainBroken,
  explainDrop,
  lockstep,
  nested,
  packets,
  promises,
  topologyAt,
  type Message,
  type Scenario,
  type Step,
  type Beat,
  type Topology,
  type Walk,
  labelOf,
  until,
} from '#lib/index.ts'
import { controls } from '#components/words/controls.ts'
import { layout, type Scene } from '#components/diagram/layout/index.ts'
import type { Ask } from './actions.ts'
import { deriving, type Get as GetFrom } from './derived.ts'
import { making, type Made } from './made.ts'
import { inside, ofScene, spanOf, type Span } from './scene.ts'
import { TABS, type FigureState, type Home, type Scene as SceneOf, type Tab } from './state.ts'
import { standing } from './stood.ts'
import { beforeOf, saying, stopAt, stops as stopsOf, withStop, type Stop } from './stops.ts'
import { ticksOf, type Tick } from './ticks.ts'
import { flowNames, walked, walkedOn, type Walked } from './walked.ts'
import type { Worlds } from './worlds.ts'

type Get<T> = GetFrom<FigureState, T>
const derived = deriving<FigureState>()

/** What is sent, and under which what-ifs. */
type Sent = Pick<FigureState, 'flow' | 'whatIfs' | 'draw'>

/** The other world of a comparison, and the clock both go by. */
export interface Comparison {
  readonly now: Walked
  readonly scenes: readonly [Scene, Scene]
  readonly stops: readonly Stop[]
  readonly ticks: readonly Beat[]
}
/** The packet that is stepped: its place among the messages, its stops as the slider has them, the first being number `offset` of all. */
export interface Slider {
  readonly packet: number
  readonly label: string
  readonly offset: number
  readonly ticks: readonly Tick[]
}
export type Offered = readonly (readonly [id: string, whatIf: Scenario['whatIfs'][string]])[]
/** A change that would change what decided here. */
export interface Question {
  readonly id: string
  readonly title: string
  readonly on: boolean
  readonly ask: Ask
}
/** How the walk ends, in words, and whether that is well. */
export interface End {
  readonly text: string
  readonly ok: boolean | 'lost' | 'open'
}

/** Everything that follows from a figure's state. Each is made when it is asked for, and kept until what it is made of changes. */
export interface Read {
  readonly now: Get<Walked>
  /** The tables of its world with what was changed, before anything is sent. */
  readonly tables: Get<Topology>
  readonly scene: Get<Scene>
  /** Stops of the detail told, and the one that is shown if it is none of them. */
  readonly list: Get<readonly Stop[]>
  readonly stop: Get<number>
  /** Undefined of a walk without steps. */
  readonly step: Get<Step | undefined>
  readonly key: Get<string>
  /** The tables as they are at this step. */
  readonly topology: Get<Topology>
  /** What this packet was at its stop before. */
  readonly before: Get<Step | null>
  readonly sentence: Get<string>
  readonly comparison: Get<Comparison | null>
  /** The stop, or while comparing the tick; and of how many. */
  readonly at: Get<number>
  readonly total: Get<number>
  /** The last stop, or tick, of the packet that is stepped. */
  readonly end: Get<number>
  /** Which stop each place of the slider is. */
  readonly places: Get<readonly number[]>
  readonly slider: Get<Slider>
  /** The steps of the scene, in the walk that is shown; null where that is not the scene's, or there is none. */
  readonly span: Get<Span | null>
  /** Does the scene that is read lead? Not if the reader has gone where it does not. */
  readonly attached: Get<boolean>
  /** Is there nothing before, nothing behind? */
  readonly ends: Get<readonly [first: boolean, last: boolean]>
  /** Something is open that Escape closes. */
  readonly open: Get<boolean>
  /** What the drawer can tell, and what it tells. */
  readonly tabs: Get<readonly Tab[]>
  readonly tab: Get<Tab>
  readonly flows: Get<readonly (readonly [flow: string, name: string])[]>
  readonly offered: Get<Offered>
  readonly questions: Get<readonly Question[]>
  /** The packets of the flow that have a stop. */
  readonly legs: Get<readonly Message[]>
  readonly outcome: Get<End>
}

const shownStep: Get<number> = (s) => s.step

/** The world compared with. The reader's own is compared with none. */
const otherOf =
  (home: Home, worlds: Worlds): Get<Scenario | null> =>
  (s) =>
    home.own || s.against === null ? null : (worlds.here(s.against) ?? null)

/** The selectors of one figure. */
export function selectors(home: Home, worlds: Worlds): Read {
  // What is taken back is taken back from the tables that are there.
  let last: Made | null = null
  const made = derived([(s) => s.world, (s) => s.whatIfs], (world, whatIfs) => {
    last = making(last, world, whatIfs)
    return last
  })
  const whole: Get<Walked> = derived([made, (s) => s.flow, (s) => s.draw], (m, flow, draw) =>
    walkedOn(m, { flow, draw }),
  )
  const asking = derived([whole, askingScene], (n, s) => (s === null ? null : spanOf(n, s).from))
  const mine = derived([whole, asking], (n, step) => (step === null ? n : asFarAs(n, step)))
  const now = derived([mine, (s) => s.stood], standing)
  const detail: Get<FigureState['detail']> = (s) => s.detail
  const meant = meantOf()
  const scene: Get<Scene> = derived([now, whole, meant], (n, all, m) =>
    layout(n.topology, n.walk, n === all ? m : all.walk),
  )
  const told = derived([now, detail], (n, d) => stopsOf(n.walk, d))
  // A step that is a stop already leaves the list the same, and with it all that is made of it.
  const list = derived([now, told, shownStep], (n, t, step) => withStop(n.walk, t, step))
  const stop = derived([list, shownStep], stopAt)
  const number = derived([list, stop], (l, i) => l[i]?.step ?? 0)
  const step = derived([now, number], ({ walk }, n): Step | undefined => walk.steps[n])
  const topology = derived([now, number], (n, at) => topologyAt(n.walk, at))
  const comparison = compared(otherOf(home, worlds), { now, list, detail })
  // A tick is only that of the state: whoever moves the step otherwise moves the clock to its first tick.
  const at = derived([comparison, stop, (s) => s.tick], (c, here, tick) => {
    if (c === null) return here
    if (c.ticks[tick]?.left === here) return tick
    return Math.max(
      0,
      c.ticks.findIndex((t) => t.left === here),
    )
  })
  const places = derived([list, comparison], (stops, c) =>
    c === null ? stops.map((_, i) => i) : c.ticks.map((t) => t.left),
  )
  const offered = offeredOf(home)
  const total = derived([comparison, list], (c, l) => c?.ticks.length ?? l.length)
  const span = spanSelector(now, asking)
  const attached = derived(
    [now, span, where],
    (n, own, here) => own !== null && inside(n, own, here),
  )
  const tabs = derived([comparison], (c): readonly Tab[] => (c === null ? TABS : ['Cost', ...TABS]))
  const slider = sliderOf({ now, scene, list, places, at })
  return {
    span,
    attached,
    ends: derived([attached, at, total], (held, n, of): readonly [boolean, boolean] => [
      !held && n === 0,
      !held && n === of - 1,
    ]),
    now,
    tables: derived([made], (m) => m.topology),
    scene,
    list,
    stop,
    step,
    key: derived([now, number], ({ keys }, n) => keys[n] ?? ''),
    topology,
    before: derived([now, list, stop], (n, l, i) => beforeOf(n.walk, l, i)),
    sentence: derived([now, step], (n, x) => (x === undefined ? '' : saying(n.walk, x))),
    comparison,
    at,
    total,
    places,
    slider,
    end: derived([slider], ({ offset, ticks }) => offset + ticks.length - 1),
    open: (s) => s.menu !== null || s.drawer,
    tabs,
    tab: derived([tabs, (s) => s.tab], (all, t) => (all.includes(t) ? t : all[0]!)),
    flows: derived([(s) => s.world], flowNames),
    offered,
    questions: questionsOf(offered, step, topology),
    legs: derived([now, list], ({ walk }, l) => {
      const stopped = new Set(l.map((s) => walk.steps[s.step]?.message))
      return walk.messages.filter((m) => m.kind !== 'arp' && stopped.has(m.n))
    }),
    outcome: derived([now, asking], (n, open) => (open === null ? endOf(n) : yours())),
  }
}

/** The scene whose question nobody has answered yet, as long as its stage shows it. */
const askingScene: Get<SceneOf | null> = (s) =>
  s.stood === null &&
  s.scene?.asks === true &&
  !s.answered.includes(s.scene.id) &&
  ofScene(s, s.scene, s.held)
    ? s.scene
    : null

/** While a question is open, nobody knows how the walk goes on. */
function asFarAs(n: Walked, step: number): Walked {
  return step >= n.walk.steps.length
    ? n
    : { ...n, walk: until(n.walk, step), keys: n.keys.slice(0, step + 1) }
}

const yours = (): End => ({ text: controls().yours, ok: 'open' })

/** Where the reader is, whatever is looked at meanwhile. */
const where: Get<number> = (s) => s.peek?.step ?? s.step

/** A question that was answered owns the whole walk: it runs to its end. */
function spanSelector(now: Get<Walked>, asking: Get<number | null>): Get<Span | null> {
  const mine: Get<SceneOf | null> = (s) =>
    s.stood === null && s.scene !== null && ofScene(s, s.scene, s.held) ? s.scene : null
  const unchanged: Get<boolean> = (s) => s.held === s.scene?.whatIfs
  const own = derived([now, mine, unchanged], (n, scene, asWritten) => {
    if (scene === null) return null
    return asWritten ? spanOf(n, scene) : { from: 0, to: n.walk.steps.length - 1 }
  })
  return derived([own, asking], (span, open) =>
    span === null || open === null ? span : { from: open, to: open },
  )
}

/** The same flow with nothing changed: what it would have come to is drawn also where the packet ends before. */
function meantOf(): Get<Walk | undefined> {
  const plain = derived([(s) => s.world, (s) => s.flow, (s) => s.draw], (world, flow, draw) => {
    let known: Walk | null = null
    return () => (known ??= walkedOn(making(null, world, []), { flow, draw }).walk)
  })
  return derived([plain, (s) => s.whatIfs], (walked, whatIfs) =>
    whatIfs.length === 0 ? undefined : walked(),
  )
}

/** The same flow and what-ifs, as far as the other world has them. */
function compared(
  against: Get<Scenario | null>,
  {
    now,
    list,
    detail,
  }: Pick<Read, 'now' | 'list'> & { readonly detail: Get<FigureState['detail']> },
): Get<Comparison | null> {
  const theirs = derived([against, sentOf()], (other, { flow, whatIfs, draw }) =>
    other === null
      ? null
      : walked(other, {
          flow: flow in other.flows ? flow : (Object.keys(other.flows)[0] ?? ''),
          whatIfs: whatIfs.filter((w) => w in other.whatIfs),
          draw,
        }),
  )
  const scenes = derived([now, theirs], (a, b): readonly [Scene, Scene] | null =>
    b === null ? null : [layout(a.topology, a.walk), layout(b.topology, b.walk)],
  )
  const mine = derived([now, list], ({ walk }, l) => ({ walk, stops: l.map((s) => s.step) }))
  const other = derived([theirs, scenes, detail], (n, pictures, d) =>
    n === null || pictures === null
      ? null
      : { now: n, scenes: pictures, stops: stopsOf(n.walk, d) },
  )
  return derived([mine, other], (own, o) => {
    if (o === null) return null
    const ticks = lockstep(own, { walk: o.now.walk, stops: o.stops.map((s) => s.step) })
    return { ...o, ticks }
  })
}

function sentOf(): Get<Sent> {
  return derived([(s) => s.flow, (s) => s.whatIfs, (s) => s.draw], (flow, whatIfs, draw): Sent => ({
    flow,
    whatIfs,
    draw,
  }))
}

/** The slider is about this packet, ARP it waits for included; next and previous go on to the one after it. Comparing, it is about the ticks of this packet. */
function sliderOf({
  now,
  scene,
  list,
  places,
  at,
}: Pick<Read, 'now' | 'scene' | 'list' | 'places' | 'at'>): Get<Slider> {
  const all = derived([scene, now, list], (p, n, l) => ticksOf(p, n.walk, l))
  const own = derived([now, list, places], ({ walk }, l, shown) => {
    const of = packets(walk)
    return shown.map((i) => of[walk.steps[l[i]!.step]!.message] ?? 0)
  })
  const packet = derived([own, at], (of, n) => of[n] ?? 0)
  const marks = derived([all, places], (ticks, shown) => shown.map((i) => ticks[i]!))
  const mine = derived([own, packet, marks], (of, n, ticks): Omit<Slider, 'label'> => {
    const offset = of.indexOf(n)
    return { packet: n, offset, ticks: ticks.slice(offset, of.lastIndexOf(n) + 1) }
  })
  return derived([now, mine], ({ walk }, { packet: n, offset, ticks }) => {
    const label = walk.messages[n] === undefined ? '' : labelOf(walk.messages[n])
    return { packet: n, label, offset, ticks }
  })
}

/** The what-ifs offered: those the author chose, in his world; all of another. */
function offeredOf(home: Home): Get<Offered> {
  return derived([(s) => s.world, (s) => s.scenario], (world, scenario) =>
    Object.entries(world.whatIfs).filter(
      ([w]) => home.alter === undefined || home.alter.includes(w) || scenario !== home.scenario,
    ),
  )
}

/** The questions that arise here, and those asked already, which are to be taken back where they were asked. */
function questionsOf(
  offered: Get<Offered>,
  step: Get<Step | undefined>,
  topology: Get<Topology>,
): Get<readonly Question[]> {
  const here = derived([step, topology], (s, tables) =>
    s === undefined ? null : { step: s, tables },
  )
  return derived([offered, here, sentOf()], (all, at, { flow, whatIfs, draw }) => {
    if (at === null) return []
    const arisen = all.filter(
      ([w, x]) =>
        whatIfs.includes(w) ||
        ((x.flow === undefined || x.flow === flow) &&
          x.edits.some((e) => concerns(e, at.step, at.tables))),
    )
    const questions = arisen.map(([id, { title }]): Question => {
      const ask = { type: 'whatIf', whatIf: id } as const
      return { id, title, on: whatIfs.includes(id), ask }
    })
    const again = { id: 'draw', title: controls().drawAgain, on: draw !== null } as const
    const { decision } = at.step
    return decision.kind === 'hook' && decision.draws !== undefined
      ? [...questions, { ...again, ask: { type: 'draw' } }]
      : questions
  })
}

/** A loss that the sender hears of ends with the word of it, not where the packet was dropped. */
function lostAs({ steps, messages, flow }: Walk, { drop }: NonNullable<Walk['loss']>): string {
  const says = controls()
  const last = steps.at(-1)
  const word = last?.in === flow.from ? messages[last.message] : undefined
  if (word?.leg !== 'back') return says.droppedFor(explainDrop(drop))
  return word.says === 'rst' ? says.refused : says.reported(explainDrop(drop))
}

function endOf({ walk }: Walked): End {
  const { delivered, loss } = walk
  const broken = promises(walk)
  const fatal = broken.some((b) => b.step === loss?.step)
  const says = controls()
  const ended = delivered
    ? broken.length > 0
      ? says.deliveredBroken
      : says.delivered(nested(walk))
    : fatal
      ? says.dropped
      : loss === null
        ? says.noAnswer
        : lostAs(walk, loss)
  return {
    text: broken.length === 0 ? ended : says.endWith(ended, broken.map(explainBroken)),
    ok: delivered ? broken.length === 0 : 'lost',
  }
}
