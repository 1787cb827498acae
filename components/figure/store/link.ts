import { DETAILS, listedWorld, WORLDS, type Scenario } from '#lib/index.ts'
import { links } from '#components/words/links.ts'
import { decoded, parts, quoted } from './fragment.ts'
import type { Shown } from './state.ts'

/** `#<figure id>=1;<scenario>;<flow>;<what-ifs>;<step key>`; several figures each own their part, joined by &.
 *  How it is looked at stands in a part of its own, left out when it is as at first: `<figure id>.view=1;<detail>;<world compared with>`, and `;<draw>` behind it if the reader drew anew. */
const VERSION = '1'
const word = (s: string): string => encodeURIComponent(s).replaceAll('%2F', '/')

/** What is shown, its step by key. */
export interface Linkable extends Omit<Shown, 'step'> {
  readonly key: string
}
export interface Linked extends Linkable {
  readonly notice: string | null
}
/** Where a figure begins, and the only world it has, if that is the reader's own. */
export interface Origin {
  readonly scenario: string
  readonly flow: string
  readonly custom?: Scenario | undefined
  /** The worlds that are here: what a link names of another is believed, until that has come and the link is read again. */
  readonly here?: ((id: string) => Scenario | undefined) | undefined
}

/** The fragment with what a figure shows in it; what it says of others stays. */
export function write(hash: string, id: string, s: Linkable): string {
  const mine = `${id}=${[VERSION, s.scenario, s.flow, s.whatIfs.join(','), word(s.key)].join(';')}`
  const others = parts(hash).filter(
    (p) => p.includes('=') && !p.startsWith(`${id}=`) && !p.startsWith(`${id}.view=`),
  )
  const view =
    s.detail === 'story' && s.against === null && s.draw === null
      ? []
      : [
          `${id}.view=${[VERSION, s.detail, s.against ?? '', ...(s.draw === null ? [] : [s.draw])].join(';')}`,
        ]
  return `#${[...others, mine, ...view].join('&')}`
}

/** What a link says about a figure; null if it says nothing. What no longer exists falls back to the nearest that does, and is named. Never throws. */
export function read(hash: string, id: string, home: Origin): Linked | null {
  const all = parts(hash)
  const mine = all.filter((p) => p.startsWith(`${id}=`))
  const views = all.filter((p) => p.startsWith(`${id}.view=`)).map((p) => p.slice(id.length + 6))
  const first = mine[0]
  if (first === undefined && views.length === 0) return null
  const fields = first?.slice(id.length + 1).split(';') ?? []
  const [version = '', scenario = '', flow = '', whatIfs = '', ...rest] = fields
  if (first !== undefined && version !== VERSION) {
    return {
      scenario: home.scenario,
      flow: home.flow,
      whatIfs: [],
      key: '',
      detail: 'story',
      against: null,
      draw: null,
      notice: links().otherVersion(quoted(version.slice(0, 12))),
    }
  }
  const notices = [...mine.slice(1), ...views.slice(1)].map((p) => links().notUsed(quoted(p)))
  const s =
    first === undefined ? worldOf(home.scenario, home, []) : worldOf(scenario, home, notices)
  const exists = s.flows?.includes(flow) ?? flow !== ''
  const now =
    exists || s.flows === null
      ? flow || home.flow
      : s.flows.includes(home.flow)
        ? home.flow
        : (s.flows[0] ?? home.flow)
  if (first === undefined) notices.push(links().viewOnly)
  else if (!exists) notices.push(links().noFlow(quoted(flow), now))
  const asked = whatIfs.split(',').filter((w) => w !== '')
  const kept = [...new Set(asked.filter((w) => s.whatIfs?.includes(w) ?? true))]
  const gone = asked.filter((w) => !kept.includes(w))
  if (gone.length > 0)
    notices.push(links().noWhatIfs(gone.length, gone.slice(0, MOST_NAMED).map(quoted)))
  if (first !== undefined && fields.length < 5) notices.push(links().endsEarly)
  const key = decoded(rest.join(';'))
  if (!key.whole) notices.push(links().stepEncoding(quoted(key.text)))
  const view = viewOf(views[0], { ...home, scenario: s.id }, notices)
  return {
    scenario: s.id,
    flow: now,
    whatIfs: kept,
    key: key.text,
    ...view,
    notice: notices.length === 0 ? null : links().damaged(notices),
  }
}
const MOST_NAMED = 10

/** The worlds a link names. */
export function worldsIn(l: Linked | null): readonly string[] {
  return l === null ? [] : [l.scenario, l.against].filter((id) => id !== null)
}

/** What a link can name of a world; null: that is not here yet. */
interface Known {
  readonly id: string
  readonly flows: readonly string[] | null
  readonly whatIfs: readonly string[] | null
}
function known(world: Scenario): Known {
  return { id: world.id, flows: Object.keys(world.flows), whatIfs: Object.keys(world.whatIfs) }
}
function listed(id: string, { here }: Origin): Known | undefined {
  if (listedWorld(id) === undefined) return undefined
  const world = here?.(id)
  return world === undefined ? { id, flows: null, whatIfs: null } : known(world)
}

function worldOf(id: string, home: Origin, notices: string[]): Known {
  const own = home.custom === undefined ? undefined : known(home.custom)
  const found = own === undefined ? listed(id, home) : id === own.id ? own : undefined
  const s = found ?? own ?? listed(home.scenario, home) ?? listed(WORLDS[0].id, home)!
  if (found === undefined)
    notices.push((own === undefined ? links().noWorld : links().noWorldInSandbox)(quoted(id), s.id))
  return s
}

/** How it is looked at: `scenario` is the world that is shown. */
function viewOf(
  view: string | undefined,
  { scenario, custom }: Pick<Origin, 'scenario' | 'custom'>,
  notices: string[],
): Pick<Linked, 'detail' | 'against' | 'draw'> {
  const start = { detail: 'story', against: null, draw: null } as const
  if (view === undefined) return start
  const [version = '', detail = '', against = '', draw, ...rest] = view.split(';')
  if (version !== VERSION) {
    notices.push(links().viewVersion(quoted(view)))
    return start
  }
  const level = DETAILS.find((d) => d === detail)
  if (level === undefined) notices.push(links().noDetail(quoted(detail), DETAILS))
  const other = custom === undefined && listedWorld(against) !== undefined && against !== scenario
  if (against !== '' && !other) {
    const says = links()
    const why =
      custom !== undefined
        ? says.sandboxCompares
        : against === scenario
          ? says.comparesItself
          : says.comparesNothing
    notices.push(why(quoted(against)))
  }
  const drawn = draw !== undefined && /^\d{1,9}$/.test(draw)
  if (draw !== undefined && !drawn) notices.push(links().noDraw(quoted(draw)))
  if (rest.length > 0) notices.push(links().saysMore(quoted(rest.join(';'))))
  return {
    detail: level ?? 'story',
    against: other ? against : null,
    draw: drawn ? Number(draw) : null,
  }
}

/** The step of a key, or of the key without its count of repeats. The first links wrote + for a space. */
export function stepOf(
  keys: readonly string[],
  key: string,
): { readonly step: number; readonly exact: boolean } {
  for (const k of [key, key.replaceAll('+', ' ')]) {
    const at = keys.indexOf(k)
    if (at >= 0) return { step: at, exact: true }
  }
  const near = keys.indexOf(key.replaceAll('+', ' ').replace(/#\d+$/, ''))
  return { step: Math.max(0, near), exact: key === '' }
}
