import { SCENARIOS } from '#lib/index.ts'
import { DETAILS, type Detail, type LabState } from './lab.ts'

/** `#<figure id>=1;<scenario>;<flow>;<what-ifs>;<step key>`; several figures each own their part, joined by &.
 *  How it is looked at stands in a part of its own, left out when it is as at first: `<figure id>.view=1;<detail>;<world compared with>`, and `;<draw>` behind it if the reader drew anew. */
const VERSION = '1'
const word = (s: string): string => encodeURIComponent(s).replaceAll('%2F', '/')
const unword = (s: string): string => { try { return decodeURIComponent(s) } catch { return s } }

export interface Linked { readonly scenario: string; readonly flow: string; readonly whatIfs: readonly string[]; readonly key: string; readonly detail: Detail; readonly against: string | null; readonly draw: number | null; readonly notice: string | null }

export function write(hash: string, id: string, s: LabState, key: string): string {
  const mine = `${id}=${[VERSION, s.scenario, s.flow, s.whatIfs.join(','), word(key)].join(';')}`
  const others = parts(hash).filter((p) => p.includes('=') && !p.startsWith(`${id}=`) && !p.startsWith(`${id}.view=`))
  const view = s.detail === 'story' && s.against === null && s.draw === null ? [] : [`${id}.view=${[VERSION, s.detail, s.against ?? '', ...(s.draw === null ? [] : [s.draw])].join(';')}`]
  return `#${[...others, mine, ...view].join('&')}`
}

function parts(hash: string): string[] {
  return hash.replace(/^#/, '').split('&').filter((p) => p !== '')
}

/** What a link says about a figure; null if it says nothing. What no longer exists falls back to the nearest that does, with a notice. */
export function read(hash: string, id: string, home: { readonly scenario: string; readonly flow: string }): Linked | null {
  const mine = parts(hash).find((p) => p.startsWith(`${id}=`))
  if (mine === undefined) return null
  const [version = '', scenario = '', flow = '', whatIfs = '', ...rest] = mine.slice(id.length + 1).split(';')
  const notices: string[] = []
  const view = viewOf(hash, id, scenario)
  if (version !== VERSION) return { ...home, ...view, whatIfs: [], key: '', notice: `This link is of another version (${version.slice(0, 12) || 'none'}); the figure starts at its beginning.` }
  const found = Object.hasOwn(SCENARIOS, scenario) ? SCENARIOS[scenario] : undefined
  if (found === undefined) notices.push(`the world ${JSON.stringify(scenario.slice(0, 40))} does not exist`)
  const s = found ?? SCENARIOS[home.scenario]
  const flows = Object.keys(s?.flows ?? {})
  const known = Object.hasOwn(s?.flows ?? {}, flow)
  if (!known && found !== undefined) notices.push(`the flow ${JSON.stringify(flow.slice(0, 40))} does not exist`)
  const asked = whatIfs.split(',').filter((w) => w !== '')
  const kept = asked.filter((w) => Object.hasOwn(s?.whatIfs ?? {}, w))
  if (kept.length < asked.length) notices.push('a what-if of it does not exist')
  return { scenario: s?.id ?? home.scenario, flow: known ? flow : flows[0] ?? home.flow, whatIfs: kept, key: unword(rest.join(';')), ...view, notice: notices.length === 0 ? null : `This link is old or damaged: ${notices.join(', ')}. This is the nearest there is.` }
}

function viewOf(hash: string, id: string, scenario: string): Pick<Linked, 'detail' | 'against' | 'draw'> {
  const mine = parts(hash).find((p) => p.startsWith(`${id}.view=`))
  const [version = '', detail = '', against = '', draw = ''] = mine?.slice(id.length + 6).split(';') ?? []
  return { detail: version === VERSION ? DETAILS.find((d) => d === detail) ?? 'story' : 'story', against: version === VERSION && Object.hasOwn(SCENARIOS, against) && against !== scenario ? against : null, draw: version === VERSION && /^\d{1,9}$/.test(draw) ? Number(draw) : null }
}

/** The step of a key, or of the longest key that begins like it. */
export function stepOf(keys: readonly string[], key: string): { readonly step: number; readonly exact: boolean } {
  const at = keys.indexOf(key)
  if (at >= 0) return { step: at, exact: true }
  const bare = key.replace(/#\d+$/, '')
  const near = keys.indexOf(bare)
  return { step: Math.max(0, near), exact: key === '' }
}
