import { find, ipLength, type Packet } from '#lib/wire/packet.ts'
import { space } from '#lib/topology/topology.ts'
import { DROPS } from '#lib/trace/drops.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'
import { explain } from './explain.ts'
import { refsOf } from './refs.ts'
import { tableAsTool } from './tools.ts'

/** Colours are handed in, so that this floor need not know a terminal. */
export interface Paint { readonly dim: (s: string) => string; readonly bold: (s: string) => string; readonly good: (s: string) => string; readonly bad: (s: string) => string }
export const NO_PAINT: Paint = { dim: (s) => s, bold: (s) => s, good: (s) => s, bad: (s) => s }

const WIDTH = 100
const QUIET = new Set(['conntrack'])

function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  // A word longer than a line (a lease's JSON) is broken where the line ends.
  const most = WIDTH - indent.length
  const words = text.split(' ').flatMap((w) => (w.length <= most ? [w] : w.match(new RegExp(`.{1,${most}}`, 'gsu')) ?? []))
  for (const word of words) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) { lines.push(line); line = '' }
    line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((l) => `${indent}${l}`)
}

function stack(p: Packet): string {
  const ip = find(p, 'ipv4')
  const kinds = p.headers.map((h) => h.kind).join('|')
  return ip === undefined ? kinds : `${kinds} ${ipLength(p)} bytes, ttl ${ip.ttl}`
}

/** Steps worth a line: hooks that changed nothing and connection tracking are left to `--json`. */
export function told(s: Step): boolean {
  if (s.drop !== null) return true
  if (QUIET.has(s.stage)) return false
  return !(s.decision.kind === 'hook' && s.decision.verdict === 'ACCEPT' && s.decision.from === undefined && s.decision.mark === undefined)
}

function evidence(walk: Walk, s: Step): string | null {
  const { matched } = refsOf(s.decision)
  if (matched === null || matched.table === 'devs' || matched.table === 'conntrack') return null
  const where = space(walk.after, matched.in)
  return where === undefined ? null : (tableAsTool(where, matched.table).lines.filter((l) => l.row === matched.row).map((l) => l.text.trim().replace('\t', ' ')).join(' ') || null)
}

/** The walk for a terminal, at most 100 columns: a heading for each message, a line for each step, the row that decided below it. */
export function print(walk: Walk, paint: Paint = NO_PAINT): string {
  const out: string[] = []
  let last = -1
  for (const s of walk.steps) {
    if (!told(s)) continue
    const m = walk.messages[s.message]
    if (s.message !== last && m !== undefined) {
      last = s.message
      const ip = find(s.packet, 'ipv4')
      out.push('', paint.bold(m.kind === 'arp' ? `  · ARP: ${m.label}` : `${m.leg === 'back' ? '◀' : '▶'} ${m.label}${ip === undefined ? '' : `  ${ip.src} → ${ip.dst}`}`))
    }
    const pad = m?.kind === 'arp' ? '    ' : '  '
    const place = `${s.in}${s.dev === null ? '' : `/${s.dev}`}`
    out.push(`${pad}${String(s.n).padStart(3)}  ${place.padEnd(30)} ${paint.dim(s.stage.padEnd(12))} ${paint.dim(stack(s.packet))}`.slice(0, WIDTH + 40).trimEnd())
    out.push(...wrap(explain(s, walk.after), `${pad}     `))
    const row = evidence(walk, s)
    if (row !== null) out.push(...wrap(row, `${pad}       | `).map(paint.dim))
    if (s.drop !== null) out.push(`${pad}     ${paint.bad(`✗ ${DROPS[s.drop.reason].title}`)}`)
  }
  out.push('', verdict(walk, paint))
  return out.join('\n').replace(/^\n/, '')
}

/** The last line: delivered, or dropped where and why. */
export function verdict(walk: Walk, paint: Paint = NO_PAINT): string {
  const loss = walk.loss
  if (walk.delivered || loss === null) return walk.delivered ? paint.good('delivered') : paint.bad('not delivered: no answer came')
  const info = DROPS[loss.drop.reason]
  const name = info.kernel ?? info.aws
  const icmp = loss.icmp === null ? '' : `; the sender was told: ICMP ${loss.icmp.type}/${loss.icmp.code} from ${loss.icmp.from}${loss.icmp.mtu === undefined ? '' : `, mtu ${loss.icmp.mtu}`}`
  return paint.bad(`dropped at ${loss.in}${loss.dev === null ? '' : `/${loss.dev}`}: ${info.title} (${loss.drop.reason}${name === null ? '' : `, ${name}`})${icmp}`)
}
