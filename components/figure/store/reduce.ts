import { listedWorld, WORLDS } from '#lib/index.ts'
import { placeOf, spaceOf } from '#components/diagram/place.ts'
import type { Action } from './actions.ts'
import { remembering, stepped } from './history.ts'
import { stepOf } from './link.ts'
import { moved, peeked, played, revealed, toScene } from './scenes.ts'
import { own, stand, STANDS } from './stood.ts'
import type { Read } from './select.ts'
import { SPEEDS, type FigureState, type Home, type Menu, type Place, type Tab } from './state.ts'
import { otherDraw } from './walked.ts'
import { isWorld, type Worlds } from './worlds.ts'

type Of<T extends Action['type']> = Extract<Action, { readonly type: T }>
type Turn<T extends Action['type']> = (s: FigureState, a: Of<T>, read: Read) => FigureState

/** The world a comparison begins with: the first overlay against one whose pods have addresses of the VPC, the first of those against any other. */
export function counterpart(scenario: string): string {
  const addresses = listedWorld(scenario)?.traits.addresses === 'vpc' ? 'overlay' : 'vpc'
  return (WORLDS.find((w) => w.traits.addresses === addresses) ?? WORLDS[0]).id
}

/** To a stop by its number, or to a tick. */
function to(s: FigureState, at: number, read: Read): FigureState {
  const tick = Math.max(0, Math.min(read.total(s) - 1, at))
  const stop = read.list(s)[read.places(s)[tick] ?? 0]
  return { ...s, tick, step: stop?.step ?? s.step }
}

function toScenario(s: FigureState, scenario: string, worlds: Worlds): FigureState {
  const world = worlds.here(scenario)
  if (world === undefined) return s
  return {
    ...s,
    scenario,
    world,
    flow: s.flow in world.flows ? s.flow : (Object.keys(world.flows)[0] ?? ''),
    whatIfs: [],
    asked: null,
    past: [],
    future: [],
    step: 0,
    draw: null,
    against: s.against === scenario ? null : s.against,
  }
}

const toFlow = (s: FigureState, flow: string): FigureState => ({
  ...s,
  flow,
  asked: null,
  step: 0,
  draw: null,
})

const toggled = (s: FigureState, whatIf: string): FigureState => ({
  ...s,
  whatIfs: s.whatIfs.includes(whatIf)
    ? s.whatIfs.filter((w) => w !== whatIf)
    : [...s.whatIfs, whatIf],
  step: 0,
})

function toWhatIf(s: FigureState, whatIf: string): FigureState {
  const flow = s.world.whatIfs[whatIf]?.flow
  const on = !s.whatIfs.includes(whatIf)
  if (on && flow !== undefined && flow !== s.flow)
    return toggled({ ...toFlow(s, flow), asked: { flow, before: s.flow } }, whatIf)
  // Taken back, what is sent is again what was sent before it was asked.
  const back = !on && s.asked !== null && s.asked.flow === s.flow && flow === s.flow
  return back ? toFlow(toggled(s, whatIf), s.asked.before) : toggled(s, whatIf)
}

const placeNow = ({ whatIfs, flow, asked, draw, step }: FigureState): Place => ({
  whatIfs,
  flow,
  asked,
  draw,
  step,
})

const did = (s: FigureState, to: FigureState): FigureState => ({
  ...to,
  ...remembering(s, placeNow(s)),
})

function turnedTo(s: FigureState, way: 'undo' | 'redo'): FigureState {
  const step = stepped(s, way)
  return step === null ? s : { ...s, ...step.change, ...step.after(placeNow(s)) }
}

/** The world that a comparison is asked with; none, if it is to end. */
function askedAgainst(s: FigureState, { against }: Of<'compare'>): string | null {
  if (against !== undefined) return against
  return s.against === null ? counterpart(s.scenario) : null
}

function toComparison(s: FigureState, against: string | null, home: Home): FigureState {
  const there = against !== null && isWorld(against) && against !== s.scenario
  const found = there && !home.own ? against : null
  return { ...s, against: found, side: 0, tab: found === null ? s.tab : 'Cost' }
}

/** To the next stop where something is decided; without one, to the end. */
function toDecision(s: FigureState, by: 1 | -1, read: Read): FigureState {
  const [places, list, total] = [read.places(s), read.list(s), read.total(s)]
  const at = read.at(s)
  for (let i = at + by; i >= 0 && i < total; i += by) {
    const mark = list[places[i]!]?.mark
    if (mark !== 'place' && mark !== 'aside' && places[i] !== places[at]) return to(s, i, read)
  }
  return to(s, by === 1 ? total - 1 : 0, read)
}

/** To the packets that go the other way. */
function toAnswer(s: FigureState, read: Read): FigureState {
  const { walk } = read.now(s)
  const messageOf = (step: number) => walk.messages[walk.steps[step]?.message ?? 0]
  const leg = messageOf(read.step(s)?.n ?? 0)?.leg === 'forward' ? 'back' : 'forward'
  const stop = read.list(s).find((x) => {
    const m = messageOf(x.step)
    return m?.leg === leg && m.kind !== 'arp'
  })
  return stop === undefined ? s : { ...s, step: stop.step }
}

function toMessage(s: FigureState, message: number, read: Read): FigureState {
  const { walk } = read.now(s)
  const stop = read.list(s).find((x) => walk.steps[x.step]?.message === message)
  return stop === undefined ? s : { ...s, step: stop.step }
}

/** To where the packet passes a box, this packet rather than another; a box it does not pass is looked into. */
function toBox(s: FigureState, id: string, read: Read): FigureState {
  const [{ walk, topology }, scene, here] = [read.now(s), read.scene(s), read.step(s)]
  const box = scene.boxes.find((b) => b.id === id)
  if (box === undefined || here === undefined) return s
  const passes = read.list(s).filter((x) => placeOf(scene, walk.steps[x.step]!)?.id === id)
  const stop = passes.find((x) => walk.steps[x.step]?.message === here.message) ?? passes[0]
  if (stop !== undefined) return { ...s, step: stop.step }
  const name = spaceOf(topology, box)
  return name === null ? s : { ...s, look: { name, step: here.n }, tab: 'Tables', drawer: true }
}

function toSpeed(s: FigureState, { by, around }: Of<'speed'>): FigureState {
  const n = SPEEDS.indexOf(s.speed) + by
  const last = SPEEDS.length - 1
  const speed = SPEEDS[around === true ? n % SPEEDS.length : Math.max(0, Math.min(last, n))]!
  return { ...s, speed }
}

/** To the end of this packet, or from there to that of the next. */
function toEnd(s: FigureState, read: Read): FigureState {
  const end = read.end(s)
  return read.at(s) < end ? to(s, end, read) : to(s, read.end(to(s, end + 1, read)), read)
}

/** Where a packet has ended it goes on with the next; where all have, from the start. */
function toPlay(s: FigureState, read: Read): FigureState {
  if (s.playing) return { ...s, playing: false }
  const at = read.at(s)
  const from =
    at === read.total(s) - 1 ? to(s, 0, read) : at === read.end(s) ? to(s, at + 1, read) : s
  return { ...from, playing: true }
}

const toMenu = (s: FigureState, menu: Menu): FigureState => ({
  ...s,
  menu: s.menu === menu ? null : menu,
})

const toTab = (s: FigureState, tab: Tab): FigureState => ({
  ...s,
  tab,
  drawer: !(s.drawer && s.tab === tab),
})

/** The key of the step a network of the reader's own was looked at: in its next form it is looked at from there. */
function toWorld(s: FigureState, world: FigureState['world'], read: Read): FigureState {
  const key = read.key(s)
  const there = { ...s, world, scenario: world.id }
  return { ...there, step: stepOf(read.now(there).keys, key).step }
}

/** What an action makes of a state. Pure: `read` only says what follows from it. */
export function reducer(
  home: Home,
  worlds: Worlds,
): (s: FigureState, a: Action, read: Read) => FigureState {
  const turns: { readonly [T in Action['type']]: Turn<T> } = {
    move: (s, a, read) => moved(s, a.by, { to, read }),
    decision: (s, a, read) => toDecision(s, a.by, read),
    first: (s, _, read) => to(s, 0, read),
    last: (s, _, read) => to(s, read.total(s) - 1, read),
    end: (s, _, read) => toEnd(s, read),
    to: (s, a, read) => to(s, a.at, read),
    go: (s, a) => ({ ...s, step: a.step }),
    key: (s, a, read) => ({ ...s, step: stepOf(read.now(s).keys, a.key).step }),
    message: (s, a, read) => toMessage(s, a.message, read),
    answer: (s, _, read) => toAnswer(s, read),
    box: (s, a, read) => toBox(s, a.id, read),
    scenario: (s, a) => (home.own ? s : toScenario(s, a.scenario, worlds)),
    flow: (s, a) => toFlow(s, a.flow),
    whatIf: (s, a) => did(s, toWhatIf(s, a.whatIf)),
    undo: (s) => turnedTo(s, 'undo'),
    redo: (s) => turnedTo(s, 'redo'),
    detail: (s, a) => ({ ...s, detail: a.detail }),
    compare: (s, a) => toComparison(s, askedAgainst(s, a), home),
    // Up to the rule that draws all is as before: the place stays.
    draw: (s) => ({ ...s, draw: otherDraw(s.world, s) }),
    play: (s, _, read) => played(s, { play: toPlay, read }),
    pause: (s) => ({ ...s, playing: false }),
    scene: (s, a, read) => toScene(s, a, { read, worlds }),
    reveal: (s, a) => revealed(s, a.whatIfs),
    peek: (s, a, read) => peeked(s, a.key, read),
    stand: (s, a) => stand(s, a),
    unstand: (s) => s,
    follow: (s) => s,
    turned: (s) => ({ ...s, turn: 0 }),
    missing: (s, a) => ({ ...s, notice: a.notice }),
    speed: toSpeed,
    tab: (s, a) => toTab(s, a.tab),
    drawer: (s, a) => ({ ...s, drawer: a.open }),
    menu: (s, a) => toMenu(s, a.menu),
    shown: (s, a) => ({ ...s, side: a.side }),
    help: (s) => toMenu(s, 'help'),
    theme: (s) => s,
    copy: (s) => s,
    back: (s) => ({ ...s, away: false }),
    leave: (s) => (s.menu === null ? { ...s, drawer: false } : { ...s, menu: null }),
    noted: (s) => ({ ...s, notice: null }),
    handed: (s) => ({ ...s, byHand: null }),
    alive: (s) => ({ ...s, alive: true }),
    read: (s, a) => ({ ...s, ...a.shown, world: a.world, notice: a.notice, past: [], future: [] }),
    world: (s, a, read) => toWorld(s, a.world, read),
    copied: (s, a) => ({ ...s, said: a.said, byHand: null }),
    hushed: (s) => ({ ...s, said: '' }),
    uncopied: (s, a) => ({ ...s, byHand: { text: a.text, why: a.why } }),
    away: (s) => ({ ...s, away: true }),
  }
  return <T extends Action['type']>(s: FigureState, a: Of<T>, read: Read) => {
    const turn = turns[a.type as T] as Turn<T>
    if (!shows(a)) return turn(s, a, read)
    // Whatever is asked is asked from where the reader is, not from what is looked at meanwhile.
    const there = s.peek === null ? s : { ...s, ...s.peek, peek: null }
    const here = STANDS.has(a.type) ? there : own(there)
    const quiet = a.type === 'scene' || a.type === 'peek'
    return { ...turn(here, a, read), quiet }
  }
}

/** The worlds an action goes to; of those that are not here, it waits. */
export function worldsOf(s: FigureState, a: Action, home: Home): readonly string[] {
  if (home.own) return []
  if (a.type === 'scenario') return [a.scenario]
  if (a.type === 'scene' && a.stay !== true)
    return [a.scene.scenario, ...(a.scene.against === null ? [] : [a.scene.against])]
  const against = a.type === 'compare' ? askedAgainst(s, a) : null
  return against === null ? [] : [against]
}

const OF_THE_WORLD: ReadonlySet<Action['type']> = new Set([
  ...STANDS,
  'flow',
  'whatIf',
  'undo',
  'redo',
  'compare',
  'draw',
  'reveal',
])
/** Is it asked of the world that is shown? Then it waits behind one that is on its way. */
export const ofTheWorld = (a: Action): boolean => OF_THE_WORLD.has(a.type)
/** Does it say what is to be shown? */
const shows = (a: Action): boolean =>
  ofTheWorld(a) ||
  a.type === 'scenario' ||
  a.type === 'scene' ||
  a.type === 'read' ||
  a.type === 'stand' ||
  a.type === 'unstand' ||
  a.type === 'world'
