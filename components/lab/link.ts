import { SCENARIOS, type Scenario } from '#lib/index.ts'
import { decoded, parts, quoted } from './fragment.ts'
import { DETAILS, type LabState } from './lab.ts'

/** `#<figure id>=1;<scenario>;<flow>;<what-ifs>;<step key>`; several figures each own their part, joined by &.
 *  How it is looked at stands in a part of its own, left out when it is as at first: `<figure id>.view=1;<detail>;<world compared with>`, and `;<draw>` behind it if the reader drew anew. */
const VERSION = '1'
const word = (s: string): string => encodeURIComponent(s).replaceAll('%2F', '/')

export interface Linked extends Omit<LabState, 'step'> { readonly key: string; readonly notice: string | null }
/** Where a figure begins, and the only world it has, if that is the reader's own. */
export interface Home { readonly scenario: string; readonly flow: string; readonly custom?: Scenario | undefined }

export function write(hash: string, id: string, s: LabState, key: string): string {
  const mine = `${id}=${[VERSION, s.scenario, s.flow, s.whatIfs.join(','), word(key)].join(';')}`
  const others = parts(hash).filter((p) => p.includes('=') && !p.startsWith(`${id}=`) && !p.startsWith(`${id}.view=`))
  const view = s.detail === 'story' && s.against === null && s.draw === null ? [] : [`${id}.view=${[VERSION, s.detail, s.against ?? '', ...(s.draw === null ? [] : [s.draw])].join(';')}`]
  return `#${[...others, mine, ...view].join('&')}`
}

/** What a link says about a figure; null if it says nothing. What no longer exists falls back to the nearest that does, and is named. Never throws. */
export function read(hash: string, id: string, home: Home): Linked | null {
  const all = parts(hash)
  const mine = all.filter((p) => p.startsWith(`${id}=`))
  const views = all.filter((p) => p.startsWith(`${id}.view=`)).map((p) => p.slice(id.length + 6))
  const first = mine[0]
  if (first === undefined && views.length === 0) return null
  const fields = first?.slice(id.length + 1).split(';') ?? []
  const [version = '', scenario = '', flow = '', whatIfs = '', ...rest] = fields
  if (first !== undefined && version !== VERSION) {
    return { scenario: home.scenario, flow: home.flow, whatIfs: [], key: '', detail: 'story', against: null, draw: null, notice: `This link is of another version (${quoted(version.slice(0, 12))}), so nothing of it was read; the figure starts at its beginning.` }
  }
  const notices = [...mine.slice(1), ...views.slice(1)].map((p) => `${quoted(p)} stands there too, and is not used`)
  const s = first === undefined ? worldOf(home.scenario, home, []) : worldOf(scenario, home, notices)
  const known = Object.hasOwn(s.flows, flow)
  const now = known ? flow : Object.hasOwn(s.flows, home.flow) ? home.flow : Object.keys(s.flows)[0] ?? home.flow
  if (first === undefined) notices.push('it says how the figure is looked at, and not what it shows')
  else if (!known) notices.push(`the flow ${quoted(flow)} does not exist; ${now} stands here`)
  const asked = whatIfs.split(',').filter((w) => w !== '')
  const kept = [...new Set(asked.filter((w) => Object.hasOwn(s.whatIfs, w)))]
  const gone = asked.filter((w) => !kept.includes(w))
  if (gone.length > 0) notices.push(`${gone.length === 1 ? 'a what-if' : `${gone.length} what-ifs`} of it ${gone.length === 1 ? 'does' : 'do'} not exist: ${gone.slice(0, MOST_NAMED).map(quoted).join(', ')}${gone.length > MOST_NAMED ? `, and ${gone.length - MOST_NAMED} more` : ''}`)
  if (first !== undefined && fields.length < 5) notices.push('it ends early')
  const key = decoded(rest.join(';'))
  if (!key.whole) notices.push(`the step ${quoted(key.text)} is not encoded as a link is`)
  const view = viewOf(views[0], s.id, home, notices)
  return { scenario: s.id, flow: now, whatIfs: kept, key: key.text, ...view, notice: notices.length === 0 ? null : `This link is old or damaged: ${notices.join('; ')}. This is the nearest there is.` }
}
const MOST_NAMED = 10

function worldOf(id: string, home: Home, notices: string[]): Scenario {
  const found = home.custom === undefined ? (Object.hasOwn(SCENARIOS, id) ? SCENARIOS[id] : undefined) : id === home.custom.id ? home.custom : undefined
  const s = found ?? home.custom ?? SCENARIOS[home.scenario] ?? Object.values(SCENARIOS)[0]!
  if (found === undefined) notices.push(`the world ${quoted(id)} does not exist${home.custom === undefined ? '' : ' in this sandbox'}; ${s.id} stands here`)
  return s
}

function viewOf(view: string | undefined, scenario: string, home: Home, notices: string[]): Pick<Linked, 'detail' | 'against' | 'draw'> {
  const start = { detail: 'story', against: null, draw: null } as const
  if (view === undefined) return start
  const [version = '', detail = '', against = '', draw, ...rest] = view.split(';')
  if (version !== VERSION) { notices.push(`how it was looked at is of another version (${quoted(view)}); it is looked at as at first`); return start }
  const level = DETAILS.find((d) => d === detail)
  if (level === undefined) notices.push(`${quoted(detail)} is none of ${DETAILS.join(', ')}; story stands here`)
  const other = home.custom === undefined && Object.hasOwn(SCENARIOS, against) && against !== scenario
  if (against !== '' && !other) notices.push(`${home.custom !== undefined ? 'a sandbox is compared with no world' : against === scenario ? 'a world is not compared with itself' : 'the world it is compared with does not exist'} (${quoted(against)})`)
  const drawn = draw !== undefined && /^\d{1,9}$/.test(draw)
  if (draw !== undefined && !drawn) notices.push(`${quoted(draw)} is no draw; the flow's own is here`)
  if (rest.length > 0) notices.push(`${quoted(rest.join(';'))} says more than there is`)
  return { detail: level ?? 'story', against: other ? against : null, draw: drawn ? Number(draw) : null }
}

/** The step of a key, or of the key without its count of repeats. The first links wrote + for a space. */
export function stepOf(keys: readonly string[], key: string): { readonly step: number; readonly exact: boolean } {
  for (const k of [key, key.replaceAll('+', ' ')]) {
    const at = keys.indexOf(k)
    if (at >= 0) return { step: at, exact: true }
  }
  const near = keys.indexOf(key.replaceAll('+', ' ').replace(/#\d+$/, ''))
  return { step: Math.max(0, near), exact: key === '' }
}
