import { find } from '#lib/wire/packet.ts'
import { space } from '#lib/topology/topology.ts'
import type { Message, Step, Walk } from '#lib/trace/walk.ts'
import { changed, counts, isArp, lost } from '#lib/analysis/read/detail.ts'
import { story as english } from '#lib/words/en/story.ts'
import { explain } from '#lib/words/index.ts'
import { part } from '#lib/words/language/index.ts'

const saying = part('story', english)

/** One line of a told walk: what step `n` decided, or in one sentence a whole ARP exchange, or a whole packet that goes the way of one before it. */
export interface Told {
  readonly n: number
  /** The last step it stands for: that before the next line's, so that all lines together stand for every step once. */
  readonly to: number
  readonly kind: 'step' | 'arp' | 'packet' | 'again'
  readonly step: Step
  readonly message: Message
  readonly text: string
}

/** The walk line by line. A story tells the first ARP exchange, and each packet that goes another way than one before it; one that goes the same way is a line, the first answer's with what was changed in it and how it ends. */
export function story(walk: Walk, detail: 'story' | 'network'): Told[] {
  const repeats = detail === 'story' ? repeatsOf(walk) : new Map<number, string>()
  const answer = walk.messages.find((m) => m.kind === 'flow' && m.leg === 'back')?.n
  const answered = walk.steps.findLast((s) => s.message === answer && s.drop === null)
  const lines: Line[] = []
  const begun = new Set<number>()
  let asked = false
  for (const s of walk.steps) {
    const message = walk.messages[s.message]!
    const repeat = repeats.get(s.message)
    const line = (kind: Told['kind'], text: string): void => {
      lines.push({ n: s.n, kind, step: s, message, text })
    }
    if (repeat !== undefined && !begun.has(s.message)) line('packet', repeat)
    else if (isArp(walk, s)) {
      if (detail === 'story' ? !asked : counts(walk, s, detail)) line('arp', exchange(walk, s))
      asked = true
    } else if (
      repeat === undefined
        ? counts(walk, s, detail)
        : s.message === answer && (changed(s) || s === answered)
    )
      line('step', explain(s, walk.after))
    begun.add(s.message)
  }
  const told = detail === 'story' ? onceRound(lines) : lines
  const [first] = walk.steps
  if (first !== undefined && told[0]?.n !== 0)
    told.unshift({
      n: 0,
      kind: 'step',
      step: first,
      message: walk.messages[first.message]!,
      text: explain(first, walk.after),
    })
  return told.map((l, i) => ({ ...l, to: (told[i + 1]?.n ?? walk.steps.length) - 1 }))
}

type Line = Omit<Told, 'to'>

/** A packet that goes round in a circle: what was said of it twice at a place is not said again, but how often it comes by. */
function onceRound(lines: readonly Line[]): Line[] {
  const times = new Map<string, number>()
  const out: Line[] = []
  let again: { readonly at: number; readonly most: number } | null = null
  for (const l of lines) {
    const key = `${l.message.n} ${l.step.in} ${l.step.dev} ${l.step.stage} ${l.text}`
    const before = l.kind === 'step' && l.step.drop === null ? (times.get(key) ?? 0) : 0
    times.set(key, before + 1)
    if (before < 2) {
      out.push(l)
      again = null
      continue
    }
    again ??= { at: out.push({ ...l, kind: 'again', text: '' }) - 1, most: 0 }
    again = { at: again.at, most: Math.max(again.most, before - 1) }
    out[again.at] = {
      ...out[again.at]!,
      text: saying().again(again.most),
    }
  }
  return out
}

/** A question of ARP and its answer in one sentence. */
function exchange(walk: Walk, s: Step): string {
  if (s.decision.kind !== 'arp' || s.decision.op !== 'request') return explain(s, walk.after)
  const { ip } = s.decision
  const learns = walk.steps
    .slice(s.n)
    .find(
      (x) =>
        x.in === s.in &&
        x.decision.kind === 'arp' &&
        x.decision.op === 'reply' &&
        x.decision.ip === ip,
    )
  const mac = learns === undefined ? undefined : find(learns.packet, 'arp')?.sha
  return mac === undefined ? saying().asksInVain(ip) : saying().asks(ip, mac)
}

/** Packets of the flow that go the way of one before them, there or back, and arrive: what their line says. */
function repeatsOf(walk: Walk): ReadonlyMap<number, string> {
  const out = new Map<number, string>()
  const ways = new Set<string>()
  for (const m of walk.messages) {
    if (m.kind !== 'flow') continue
    const way = wayOf(walk, m)
    const whole = !walk.steps.some((s) => s.message === m.n && s.drop !== null && lost(walk, s))
    const there = m.leg === 'back' ? way.toReversed() : way
    if (whole && ways.has(there.join('\n'))) out.set(m.n, said(walk, m))
    ways.add(there.join('\n'))
  }
  return out
}

function said(walk: Walk, m: Message): string {
  const bytes = walk.steps.find((s) => s.message === m.n)!.packet.payload.length
  return m.leg === 'back' ? saying().sameWayBack(bytes) : saying().sameWay(bytes)
}

/** The namespaces a packet comes through, and within the VPC the interfaces, from where it is made to where it ends. */
function wayOf(walk: Walk, m: Message): string[] {
  const way: string[] = []
  for (
    let s = walk.steps.findLast((x) => x.message === m.n && x.drop === null);
    s !== undefined && s.message === m.n;
    s = walk.steps[s.from]
  ) {
    const place = space(walk.before, s.in)?.kind === 'vpc' ? `${s.in}/${s.dev ?? ''}` : s.in
    if (way[0] !== place) way.unshift(place)
  }
  return way
}
