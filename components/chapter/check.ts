import { FIGURES } from '#components/words/en/figures.ts'
import {
  WORLDS,
  applyAll,
  DETAILS,
  fact,
  keys,
  packets,
  walk,
  type Scenario,
  type Walk,
} from '#lib/index.ts'
import { NAMES } from '#components/packet/fields.ts'
import type { Element, Outline } from './outline.ts'

/* What a chapter names and is not there. Each complaint says where, what, and what to write instead; the build fails with all of them. */

/** What prose may use, and the attributes each element knows. Anything else is a typing mistake. */
export const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  Stage: ['id', 'scenario', 'flow', 'alter', 'switch'],
  Scene: ['id', 'scenario', 'flow', 'whatIfs', 'from', 'to', 'compare', 'level', 'still', 'was'],
  Figure: ['id', 'scenario', 'flow', 'whatIfs', 'step', 'alter', 'switch', 'compare'],
  At: ['figure', 'step'],
  Decides: ['scenario', 'flow', 'whatIfs', 'step', 'table'],
  Predict: ['id', 'scenario', 'flow', 'whatIf', 'ask', 'step', 'options'],
  Be: ['id', 'scenario', 'flow', 'whatIfs', 'device', 'step', 'asks'],
  Goals: ['scenario', 'flow', 'whatIfs', 'of', 'file', 'change'],
  Recall: ['id', 'scenario', 'flow', 'whatIf', 'ask', 'step', 'options'],
  Steps: ['id', 'scenario', 'flow', 'whatIfs'],
  Build: ['task'],
  Probes: ['scenario', 'flows'],
  Census: ['scenarios', 'flow'],
  Frames: ['scenario', 'flow', 'whatIfs'],
  Log: ['scenario', 'whatIfs', 'flows', 'of', 'direction'],
  Hands: ['of', 'verb'],
  Survives: ['of'],
  Lease: ['of'],
  Answers: ['of'],
  Wrote: ['scenario', 'who', 'pod'],
  Night: ['id'],
  Conflist: ['id', 'of', 'file'],
  Twins: ['id', 'scenarios'],
  Piles: ['id', 'of'],
  Register: ['id'],
  Fact: ['scenario', 'flow', 'whatIfs', 'name', 'of'],
  Hue: ['of'],
  Stack: ['scenario', 'flow', 'step'],
  Term: ['of'],
  Callout: ['title'],
  Recap: [],
  Command: [],
  Check: ['question'],
  Sources: [],
}
/** The kinds of headers, and the two that are what stands around others. */
const HUES = [...Object.keys(NAMES), 'outer', 'vpc']
/** More scenes are two chapters. */
export const MOST_SCENES = 24
const ID = /^[a-z][a-z0-9-]*$/

export const listed = (text: string | null | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((x) => x.trim())
    .filter((x) => x !== '')

/** The worlds of a chapter's elements, by their ids. */
export type Known = ReadonlyMap<string, Scenario>

/** Every world that a chapter names, whether there is one or not. */
export function worldsOf({ elements }: Outline): readonly string[] {
  const named = elements.flatMap(({ attributes: a }) => [
    a['scenario'],
    a['compare'],
    ...listed(a['switch']),
    ...listed(a['scenarios']),
  ])
  return [...new Set(named.filter((x) => typeof x === 'string' && x !== ''))] as string[]
}

type Named = Readonly<Record<string, string>>
const oneOf = (all: Iterable<string>): string => [...all].join(', ')

/** The three that read most like it: of keys, those of the same place or stage before others. */
export function near(wrong: string, all: readonly string[]): readonly string[] {
  const parts = new Set(wrong.split(/[\s/#-]/))
  const score = (x: string): number => x.split(/[\s/#-]/).filter((p) => parts.has(p)).length
  return all.toSorted((a, b) => score(b) - score(a) || a.length - b.length).slice(0, 3)
}

interface Walked {
  readonly walk: Walk
  readonly keys: readonly string[]
}

function walkedIn(worlds: Known): (a: Named) => Walked | string {
  const made = new Map<string, Walked | string>()
  const make = ({ scenario = '', flow = '', whatIfs = '' }: Named): Walked | string => {
    const world = worlds.get(scenario)
    if (world === undefined)
      return `no world is called ${scenario || '""'}; there are ${oneOf(WORLDS.map((w) => w.id))}`
    const f = world.flows[flow]
    if (f === undefined)
      return `${scenario} has no flow ${flow || '""'}; it has ${oneOf(Object.keys(world.flows))}`
    const edits = []
    for (const id of listed(whatIfs)) {
      const w = world.whatIfs[id]
      if (w === undefined)
        return `${scenario} has no what-if ${id}; it has ${oneOf(Object.keys(world.whatIfs))}`
      edits.push(...w.edits)
    }
    const w = walk(applyAll(world.topology, edits), f)
    return { walk: w, keys: keys(w) }
  }
  return (a) => {
    const id = [a['scenario'], a['flow'], a['whatIfs'] ?? ''].join(';')
    const known = made.get(id) ?? make(a)
    made.set(id, known)
    return known
  }
}

/** A step that is not in a walk. */
function noStep(there: Walked | string, step: string | undefined, where: string): string[] {
  if (typeof there === 'string') return [there]
  if (step === undefined || step === '' || there.keys.includes(step)) return []
  return [`${where} has no step ${step}; did you mean ${near(step, there.keys).join(' or ')}?`]
}

/** Facts that a packet need not arrive for. */
const OF_TABLES = ['ends', 'size', 'rounds', 'mtu-pod', 'mtu-least']

/** What a fact names and is not there, its packet that never arrives included: then there is no such number, only an end. */
function noFact(there: Walked | string, { scenario, flow, name = '' }: Named): string[] {
  if (typeof there === 'string') return [there]
  try {
    fact(there.walk, name)
  } catch (error) {
    return [error instanceof RangeError ? `no fact ${name}: ${error.message}` : String(error)]
  }
  return there.walk.delivered || OF_TABLES.includes(name)
    ? []
    : [`${scenario} ${flow} is not delivered: no fact to print`]
}

/** Everything that a chapter names and is not there, `file:line: …` each. */
export function complaints(outline: Outline, worlds: Known): string[] {
  const out: string[] = []
  const seen = walkedIn(worlds)
  const figures = new Map<string, Named>()
  const ids = new Set<string>()
  const stage = plain(outline.stage)
  const scenes = outline.scenes.map((s): Named => ({
    ...stage,
    ...plain(s),
    id: plain(s)['id'] ?? '',
  }))
  if (outline.scenes.length > MOST_SCENES)
    out.push(
      `${outline.file}:${outline.scenes[MOST_SCENES]!.line}: ${outline.scenes.length} scenes; a chapter has ${MOST_SCENES} at most: make it two`,
    )
  for (const e of outline.elements) {
    const say = (what: string): void => {
      out.push(`${outline.file}:${e.line}: <${e.name}>: ${what}`)
    }
    const form = formOf(e)
    form.forEach(say)
    if (form.length > 0) continue
    const a = plain(e)
    // What the compiler hands down.
    const scene = scenes[e.scene]
    const whole = e.name === 'Fact' || e.name === 'Stack'
    const handed: Named = { ...(scene ?? stage), ...plain({ attributes: e.asked }) }
    const all: Named = { ...(whole && a['scenario'] !== undefined ? {} : handed), ...a }
    const where = `${all['scenario']} ${all['flow']}`
    switch (e.name) {
      case 'Stage':
        if (outline.stage !== e && outline.stage?.line !== e.line)
          say('a second stage; a chapter has one')
        figures.set(a['id'] ?? '', stage)
        ofFigure(all, seen, worlds).forEach(say)
        break
      case 'Figure':
        if (figures.has(a['id'] ?? ''))
          say(`a second figure ${a['id']}; ids are unique in a chapter`)
        figures.set(a['id'] ?? '', a)
        ofFigure(a, seen, worlds).forEach(say)
        noStep(seen(a), a['step'], where).forEach(say)
        break
      case 'Scene':
        if (!ID.test(a['id'] ?? ''))
          say(`id ${a['id'] ?? '""'} is no short word of a-z, 0-9 and -; links name it`)
        if (ids.has(a['id'] ?? '')) say(`a second scene ${a['id']}; ids are unique in a chapter`)
        ids.add(a['id'] ?? '')
        if (outline.stage === null) say('there is no <Stage> in this chapter; write one before it')
        ofScene(all, seen, worlds).forEach(say)
        break
      case 'At': {
        const figure =
          a['figure'] !== undefined
            ? figures.get(a['figure'])
            : scene === undefined
              ? undefined
              : handed
        if (figure === undefined && a['figure'] !== undefined)
          say(`no figure ${a['figure']} in this chapter; there are ${oneOf(figures.keys())}`)
        else if (figure === undefined) say('it stands in no scene; name the figure: figure="…"')
        else
          noStep(
            seen(figure),
            a['step'] ?? '""',
            `${figure['scenario']} ${figure['flow']}`,
          ).forEach(say)
        break
      }
      case 'Be':
      case 'Decides':
      case 'Stack':
        noStep(seen(all), a['step'] ?? '""', where).forEach(say)
        break
      case 'Recall':
      case 'Predict': {
        const there = seen({ ...all, whatIfs: a['whatIf'] ?? '' })
        if (typeof there === 'string') say(there)
        break
      }
      case 'Frames': {
        const there = seen(all)
        if (typeof there === 'string') say(there)
        break
      }
      case 'Steps': {
        const there = seen(all)
        if (a['id'] === undefined || a['id'] === '') say('has no id; the device keeps it by that')
        if (typeof there === 'string') say(there)
        break
      }
      case 'Goals': {
        const there = seen(all)
        if (typeof there === 'string') say(there)
        for (const whatIf of listed(a['change'])) {
          const changed = seen({ ...all, whatIfs: whatIf })
          if (typeof changed === 'string') say(changed)
        }
        break
      }
      case 'Census':
        for (const scenario of listed(a['scenarios'])) {
          const there = seen({ flow: all['flow'] ?? '', scenario })
          if (typeof there === 'string') say(there)
        }
        break
      case 'Log':
      case 'Probes':
        for (const flow of listed(a['flows'])) {
          const there = seen({ ...all, flow })
          if (typeof there === 'string') say(there)
        }
        break
      case 'Fact':
        if (a['of'] === undefined) noFact(seen(all), all).forEach(say)
        else if (!Object.hasOwn(FIGURES, a['of']))
          say(
            `components/words/en/figures.ts has no ${a['of']}; there are ${oneOf(Object.keys(FIGURES))}`,
          )
        break
      case 'Hue':
        if (!HUES.includes(a['of'] ?? ''))
          say(`no header has the colour ${a['of']}; there are ${oneOf(HUES)}`)
        break
      default:
    }
  }
  return out
}

/** The attributes that are text. */
function plain(e: Pick<Element, 'attributes'> | null): Named {
  const all = Object.entries(e?.attributes ?? {})
  return Object.fromEntries(all.filter((x): x is [string, string] => x[1] !== null))
}

/** What is wrong with the form of an element. */
function formOf({ name, attributes }: Element): string[] {
  if (name === 'import') return ['a chapter imports and exports nothing']
  if (name === '{…}') return ['a chapter has no expressions; write the text']
  const known = ELEMENTS[name]
  if (known === undefined)
    return [`is not an element of chapters; there are ${oneOf(Object.keys(ELEMENTS))}`]
  return Object.entries(attributes).flatMap(([a, value]) =>
    value === null
      ? [`takes strings only: ${a}="…"`]
      : known.includes(a)
        ? []
        : [`has no attribute ${a}; it has ${known.length === 0 ? 'none' : oneOf(known)}`],
  )
}

type Seen = (a: Named) => Walked | string

/** Worlds and what-ifs that a figure offers. */
function ofFigure(a: Named, seen: Seen, worlds: Known): string[] {
  const opening = seen(a)
  if (a['id'] === undefined || a['id'] === '') return ['has no id; links name it']
  if (typeof opening === 'string') return [opening]
  return [
    ...listed(a['alter']).map((w) => seen({ ...a, whatIfs: w })),
    ...[...listed(a['switch']), ...listed(a['compare'])].map((id) =>
      worlds.has(id) ? '' : `no world is called ${id}; there are ${oneOf(WORLDS.map((w) => w.id))}`,
    ),
  ].filter((x) => typeof x === 'string' && x !== '') as string[]
}

/** States and spans that a scene asks for. */
function ofScene(a: Named, seen: Seen, worlds: Known): string[] {
  const there = seen(a)
  if (typeof there === 'string') return [there]
  const where = `${a['scenario']} ${a['flow']}${a['whatIfs'] ? ` with ${a['whatIfs']}` : ''}`
  const level = a['level'] ?? 'story'
  return [
    ...noStep(there, a['from'], where),
    ...noStep(there, a['to'], where),
    ...noStep(there, a['still'], where),
    ...(DETAILS.some((d) => d === level) ? [] : [`no level ${level}; there are ${oneOf(DETAILS)}`]),
    ...(a['compare'] === undefined || worlds.has(a['compare'])
      ? []
      : [`no world is called ${a['compare']}; there are ${oneOf(WORLDS.map((w) => w.id))}`]),
    ...(backwards(there, a) ? [`${a['to']} comes before ${a['from']}; turn them round`] : []),
  ]
}

function backwards({ walk: w, keys: all }: Walked, { from = '', to = '' }: Named): boolean {
  const [a, b] = [all.indexOf(from), all.indexOf(to)]
  if (a < 0 || b < 0) return false
  const of = packets(w)
  const packet = (n: number): number => of[w.steps[n]!.message] ?? 0
  return packet(b) < packet(a) || (packet(a) === packet(b) && b < a)
}
