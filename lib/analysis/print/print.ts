import { ipLength, type Packet, ipOf, isIp } from '#lib/wire/packet.ts'
import { space } from '#lib/topology/topology.ts'
import { DROPS } from '#lib/trace/drops.ts'
import type { Message, Step, Walk } from '#lib/trace/walk.ts'
import { lost, type Detail } from '#lib/analysis/read/detail.ts'
import { story as english } from '#lib/words/en/story.ts'
import { dropTitle, explainWhole, explainBroken, labelOf } from '#lib/words/index.ts'
import { part } from '#lib/words/language/index.ts'
import { promises } from '#lib/analysis/read/promises.ts'
import { refsOf } from '#lib/analysis/read/refs.ts'
import { story, type Told } from '#lib/analysis/print/story.ts'
import { tableAsTool } from './tools.ts'
import { WIDTH, wrap } from './wrap.ts'

/** Colours are handed in, so that this floor need not know a terminal. */
export interface Paint {
  readonly dim: (s: string) => string
  readonly bold: (s: string) => string
  readonly good: (s: string) => string
  readonly warn: (s: string) => string
  readonly bad: (s: string) => string
}
export const NO_PAINT: Paint = {
  dim: (s) => s,
  bold: (s) => s,
  good: (s) => s,
  warn: (s) => s,
  bad: (s) => s,
}

/** A place's column; a longer name has a line of its own. */
const PLACE = { story: 20, network: 24 } as const

/** The walk for a terminal, at most 100 columns: what is told of it at this level of detail, and the verdict at its end. */
export function print(walk: Walk, detail: Detail, paint: Paint = NO_PAINT): string {
  const lines = detail === 'kernel' ? everything(walk, paint) : toldLines(walk, detail, paint)
  return [
    ...lines,
    '',
    ...more(walk, detail).map(paint.dim),
    ...hanging(verdict(walk)).map(
      !walk.delivered ? paint.bad : promises(walk).length > 0 ? paint.warn : paint.good,
    ),
  ]
    .join('\n')
    .replace(/^\n/, '')
}

const saying = part('story', english)

/** A paragraph whose further lines are set in. */
function hanging(text: string): string[] {
  return wrap(text, '  ').map((l, i) => (i === 0 ? l.slice(2) : l))
}

function more(walk: Walk, detail: Detail): string[] {
  if (detail === 'kernel') return []
  return [
    detail === 'story'
      ? saying().moreNetwork(walk.steps.length)
      : saying().moreKernel(walk.steps.length),
  ]
}

/** A heading for each packet; a line for what is told of it, with the steps it stands for and, where that changes, the place. */
function toldLines(walk: Walk, detail: 'story' | 'network', paint: Paint): string[] {
  const told = story(walk, detail)
  const numbers = Math.max(...told.map((t) => rangeOf(t).length))
  const places = Math.min(PLACE[detail], Math.max(...told.map((t) => placeOf(t, detail).length)))
  const indent = ' '.repeat(2 + numbers + 2 + places + 2)
  const out: string[] = []
  let message = -1
  let place = ''
  for (const [i, t] of told.entries()) {
    if (t.kind !== 'arp' && t.message.n !== message) {
      // Packets of a line each stand together.
      if (t.kind !== 'packet') out.push('', ...headings(walk, t.message).map(paint.bold))
      else if (told[i - 1]?.kind !== 'packet') out.push('')
      message = t.message.n
      place = ''
    }
    const here = placeOf(t, detail)
    const shown = here === place ? '' : here
    place = here
    const number = `  ${paint.dim(rangeOf(t).padStart(numbers))}  `
    const aside = t.kind === 'arp' || t.kind === 'again' ? paint.dim : (s: string): string => s
    const [first = '', ...rest] = wrap(t.text, indent).map((l) => l.slice(indent.length))
    if (shown.length > places) out.push(`${number}${paint.bold(shown)}`, `${indent}${aside(first)}`)
    else
      out.push(
        `${number}${paint.bold(shown)}${' '.repeat(places - shown.length + 2)}${aside(first)}`,
      )
    out.push(...rest.map((l) => `${indent}${aside(l)}`))
    const row = detail === 'network' ? evidence(walk, t.step) : null
    if (row !== null) out.push(...wrap(row, `${indent}| `).map(paint.dim))
    if (t.step.drop !== null && t.kind === 'step')
      out.push(...wrap(`✗ ${dropTitle(t.step.drop.reason)}`, indent).map(paint.bad))
  }
  return out
}

const rangeOf = (t: Told): string => (t.n === t.to ? String(t.n) : `${t.n}–${t.to}`)

function placeOf(t: Told, detail: 'story' | 'network'): string {
  if (t.kind === 'packet') return `${arrow(t.message)} ${labelOf(t.message)}`
  return detail === 'story' || t.step.dev === null ? t.step.in : `${t.step.in}/${t.step.dev}`
}

const arrow = (m: Message): string => (m.leg === 'back' ? '◀' : '▶')

/** Whose steps follow: a packet with its addresses as it was made. */
function headings(walk: Walk, m: Message): string[] {
  const headers = walk.steps.find((s) => s.message === m.n)?.packet.headers ?? []
  const at = headers.findIndex((h) => isIp(h))
  const [ip, l4] = [headers[at], headers[at + 1]]
  const port = (n: 'sport' | 'dport'): string =>
    l4?.kind === 'tcp' || l4?.kind === 'udp' ? `:${l4[n]}` : ''
  return wrap(
    `${arrow(m)} ${labelOf(m)}${isIp(ip) ? `  ${ip.src}${port('sport')} → ${ip.dst}${port('dport')}` : ''}`,
    '',
  )
}

/** Every step with its number: place, stage and packet on a line, then the sentence, then the row that decided. */
function everything(walk: Walk, paint: Paint): string[] {
  const out: string[] = []
  let last = -1
  for (const s of walk.steps) {
    const m = walk.messages[s.message]
    if (s.message !== last && m !== undefined) {
      last = s.message
      out.push(
        '',
        ...(m.kind === 'arp' ? wrap(`· ARP: ${labelOf(m)}`, '  ') : headings(walk, m)).map(
          paint.bold,
        ),
      )
    }
    const pad = m?.kind === 'arp' ? '    ' : '  '
    const text = `${pad}     `
    const place = `${pad}${String(s.n).padStart(3)}  ${`${s.in}${s.dev === null ? '' : `/${s.dev}`}`.padEnd(PLACE.network)}`
    const [whole, head, packet] = [
      `${place} ${s.stage.padEnd(12)} `,
      `${place} ${s.stage}`,
      stack(s.packet),
    ]
    if (whole.length + packet.length <= WIDTH)
      out.push(`${place} ${paint.dim(`${s.stage.padEnd(12)} ${packet}`)}`)
    else if (head.length <= WIDTH)
      out.push(`${place} ${paint.dim(s.stage)}`, ...wrap(packet, text).map(paint.dim))
    else out.push(place.trimEnd(), ...wrap(`${s.stage.padEnd(12)} ${packet}`, text).map(paint.dim))
    out.push(...wrap(explainWhole(s, walk.after), text))
    const row = evidence(walk, s)
    if (row !== null) out.push(...wrap(row, `${text}  | `).map(paint.dim))
    if (s.drop !== null && lost(walk, s))
      out.push(...wrap(`✗ ${dropTitle(s.drop.reason)}`, text).map(paint.bad))
  }
  return out
}

function stack(p: Packet): string {
  const ip = ipOf(p)
  const kinds = p.headers.map((h) => h.kind).join('|')
  return ip === undefined ? kinds : saying().packet(kinds, ipLength(p), ip.ttl)
}

function evidence(walk: Walk, s: Step): string | null {
  const { matched } = refsOf(s.decision)
  if (matched === null || matched.table === 'devs' || matched.table === 'conntrack') return null
  const where = space(walk.after, matched.in)
  return where === undefined
    ? null
    : tableAsTool(where, matched.table)
        .lines.filter((l) => l.row === matched.row)
        .map((l) => l.text.trim().replace('\t', ' '))
        .join(' ') || null
}

/** The last line: delivered, or dropped where and why, and which promises are broken. */
export function verdict(walk: Walk): string {
  const words = saying()
  const loss = walk.loss
  const all = promises(walk)
  const broken = all.map(explainBroken)
  if (walk.delivered) return broken.length === 0 ? words.delivered : words.deliveredBut(broken)
  if (loss === null) return broken.length === 0 ? words.unanswered : words.unansweredAnd(broken)
  const { kernel, aws } = DROPS[loss.drop.reason]
  // Where a broken promise is what it died of, that is said.
  const why = all.find((b) => b.step === loss.step)
  return words.dropped({
    at: `${loss.in}${loss.dev === null ? '' : `/${loss.dev}`}`,
    why: why === undefined ? dropTitle(loss.drop.reason) : explainBroken(why),
    reason: loss.drop.reason,
    name: kernel ?? aws,
    icmp: loss.icmp,
    broken: all.filter((b) => b !== why).map(explainBroken),
  })
}
