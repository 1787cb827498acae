import {
  isIp,
  labelOf,
  size,
  type Header,
  type Ip,
  type Packet,
  type Step,
  type Walk,
} from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { length, lines, pair, token, type Line, type Token } from './tokens.ts'

/** One header around another: what of it matters here. `fresh`: it was not there at the stop before. */
export interface Envelope {
  readonly kind: 'packet' | 'arp' | 'outer'
  readonly lines: readonly Line[]
  readonly fresh: boolean
}

/** A packet as it is: envelopes from the inside out, and what was around it at the stop before and is gone. */
export interface Card {
  readonly envelopes: readonly Envelope[]
  readonly ghosts: readonly Envelope[]
  /** Where it began, of a packet that another one made come. */
  readonly begins: string | null
}

/** A step, and the one on its message that it is compared with. */
export interface Moment {
  readonly walk: Walk
  readonly step: Step
  readonly before: Step | null
}

/** A packet's IP header, and what stands between it and the next one inside. */
interface Level {
  readonly ip: Ip
  readonly carries: readonly Header[]
  readonly bytes: number
}

/** The packets in a packet, from the inside out. */
function levelsOf(p: Packet): readonly Level[] {
  const at = p.headers.flatMap((h, i) => (isIp(h) ? [i] : []))
  return at
    .map((i, k): Level => ({
      ip: p.headers[i] as Ip,
      carries: p.headers.slice(i + 1, at[k + 1]),
      bytes: size({ headers: p.headers.slice(i), payload: p.payload }),
    }))
    .toReversed()
}

function port(l: Level | undefined): string | null {
  const h = l?.carries[0]
  return h?.kind === 'tcp' || h?.kind === 'udp' ? String(h.dport) : null
}

/** What carries a packet, in a word. */
function carrier(l: Level): string {
  const vxlan = l.carries.find((h) => h.kind === 'vxlan')
  if (vxlan !== undefined) return `VXLAN ${vxlan.vni}`
  const to = port(l)
  return to === null ? 'IP' : `UDP ${to}`
}

/** From packets of so many bytes on it is told how many they are. */
const LARGE = 1000

/** What a packet is called in a word or two. */
function nameOf(walk: Walk, step: Step, inner: Level): string {
  const h = inner.carries[0]
  if (h === undefined) return figure().fragment
  if (h.kind === 'icmp' && (h.type === 0 || h.type === 8)) return figure().echo
  const m = walk.messages[step.message]
  return m === undefined ? '' : labelOf(m)
}

/** An envelope around another. Its addresses and what carries are one line where there is room, the carrier's before the addresses'; a number that takes it from both is left out. */
function outer(l: Level, was: Level | undefined, most: number): readonly Line[] {
  const all = (name: string): readonly Token[] => {
    const by = token(' ', name)
    return [...pair(l.ip, was?.ip, most - length([by])), by]
  }
  const name = carrier(l)
  const told = all(name)
  return lines(length(told) > most ? all(name.replace(/^VXLAN .*/, 'VXLAN')) : told, most)
}

/** The innermost: from whom to whom, then what it is, with what matters of it at this step. */
function inner(
  { walk, step }: Moment,
  { l, was }: { readonly l: Level; readonly was: Level | undefined },
  most: number,
): readonly Line[] {
  const { kind } = step.decision
  const [to, before] = [port(l), port(was)]
  const told: Token[] = [token('', nameOf(walk, step, l))]
  // To which port it is matters where a program sends it or takes it; that of an answer is any.
  const asks = walk.messages[step.message]?.leg === 'forward'
  const ends = asks && (kind === 'socket' || kind === 'app')
  if (to !== null && (ends || (before !== null && before !== to)))
    told.push(token(' :', to, before))
  told.push(token(' · TTL ', String(l.ip.ttl), was === undefined ? null : String(was.ip.ttl)))
  if (l.bytes >= LARGE || kind === 'mtu' || kind === 'fragments')
    told.push(token(' · ', `${l.bytes} B`, was === undefined ? null : `${was.bytes} B`))
  return [...lines(pair(l.ip, was?.ip, most), most), ...lines(told, most)]
}

/** The card of a step's packet, compared with what it was at a stop before, of the same message. `signs` says how many a line has, inside of so many envelopes. */
export function cardOf(moment: Moment, signs: (around: number) => number): Card {
  const { walk, step, before } = moment
  const old = before === null || before.message !== step.message ? null : levelsOf(before.packet)
  const now = levelsOf(step.packet)
  const m = walk.messages[step.message]
  const begins = old === null && m !== undefined && m.cause !== null ? step.in : null
  if (now.length === 0) {
    const told = lines([token('', 'ARP'), token(' ', m === undefined ? '' : labelOf(m))], signs(0))
    return { envelopes: [{ kind: 'arp', lines: told, fresh: false }], ghosts: [], begins }
  }
  const around = (l: Level, i: number, was: Level | undefined): Envelope => ({
    kind: 'outer',
    lines: outer(l, was, signs(i)),
    fresh: old !== null && was === undefined,
  })
  return {
    envelopes: now.map((l, i) =>
      i === 0
        ? { kind: 'packet', lines: inner(moment, { l, was: old?.[0] }, signs(0)), fresh: false }
        : around(l, i, old?.[i]),
    ),
    ghosts: (old ?? []).slice(now.length).map((l, i) => around(l, now.length + i, l)),
    begins,
  }
}
