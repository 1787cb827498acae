import { ipOf, isIp, type Ip, type Packet } from '#lib/wire/packet.ts'
import { addressOf, isIpv4, type Address } from '#lib/wire/addr.ts'
import { netns, spaces, type Topology } from '#lib/topology/topology.ts'
import type { DropReason } from '#lib/trace/drop.ts'
import type { Step, Walk } from '#lib/trace/walk.ts'
import { arrives, promises } from '#lib/analysis/read/promises.ts'
import { flowLog } from '#lib/analysis/print/flow-log.ts'
import type { Phrase } from '#lib/words/en/goals.ts'
import type { Expected, Predicate } from './goal.ts'

/** What a walk shows instead of what was expected: for the words that tell it. `is` is null where there is nothing of the kind. */
export interface Miss {
  readonly predicate: Predicate
  readonly wanted: Phrase
  readonly is: Phrase | null
}

/** A walk, and the name of whom it was sent to, where that is one of the network's own. */
export interface Shown {
  readonly walk: Walk
  readonly receiver: string | null
}
type Test<P extends Predicate> = (shown: Shown, wanted: NonNullable<Expected[P]>) => Miss | null

const miss = (predicate: Predicate, wanted: Phrase, is: Phrase | null): Miss => ({
  predicate,
  wanted,
  is,
})

/** The steps of the first question on its way; its copies and pieces are of the same message. */
function question(walk: Walk): readonly Step[] {
  const first = walk.messages.find((m) => m.kind === 'flow')?.n
  return walk.steps.filter((s) => s.message === first)
}

/** Where the question reaches whoever it is for, or where nobody waits for it; undefined if it does not. */
function arrivalOf(walk: Walk): Step | undefined {
  return question(walk).findLast(arrives)
}

/** Whom the question came to instead, though nobody translated where it was sent: another one has the same address. */
function stranger(walk: Walk, receiver: string | null): string | null {
  const last = arrivalOf(walk)
  if (receiver === null || last === undefined || last.in === receiver) return null
  return ipOf(last.packet)?.dst === walk.flow.to ? last.in : null
}

/** The question as it arrives; null if it does not. */
function arrival(walk: Walk): Ip | null {
  const last = arrivalOf(walk)
  return last === undefined ? null : (ipOf(last.packet) ?? null)
}

/** Every address that a name has: its devices', and the public ones of its interfaces in the VPC. */
function addressesOf(t: Topology, name: string): ReadonlySet<string> {
  const own = netns(t, name)?.devs.flatMap((d) => d.addrs.map(addressOf)) ?? []
  const has = new Set<Address>(own)
  const enis = spaces(t).flatMap((s) => (s.kind === 'vpc' ? s.enis : []))
  const open = enis.flatMap((e) =>
    e.publicIp !== undefined && e.ips.some((ip) => has.has(ip)) ? [e.publicIp] : [],
  )
  return new Set([...own, ...open])
}

function sees(
  end: 'src' | 'dst',
  predicate: 'seen-source' | 'seen-destination',
): Test<'seen-source' | 'seen-destination'> {
  return ({ walk }, wanted) => {
    const seen = arrival(walk)?.[end] ?? null
    const name = wanted === 'own' ? walk.flow.from : wanted
    const holds =
      seen !== null && (isIpv4(name) ? seen === name : addressesOf(walk.before, name).has(seen))
    return holds ? null : miss(predicate, wanted, seen)
  }
}

const layers = (p: Packet): number => p.headers.filter((h) => isIp(h)).length

/** The places of the question in the order it comes through them, each with and without its device. */
function places(walk: Walk): readonly (readonly string[])[] {
  return question(walk).map((s) => (s.dev === null ? [s.in] : [s.in, `${s.in}/${s.dev}`]))
}

/** The loss that was wanted. */
function loss(reason: DropReason | undefined, at: string | undefined): Phrase {
  if (at === undefined) return reason ?? ['dropped']
  return reason === undefined ? ['dropped-in', at] : ['lost-in', reason, at]
}

/** How each predicate is held against a walk: null where it holds. */
const PREDICATES: { readonly [P in Predicate]: Test<P> } = {
  delivered({ walk, receiver }) {
    if (!walk.delivered) return miss('delivered', ['delivered'], walk.loss?.drop.reason ?? null)
    const other = stranger(walk, receiver)
    return other === null
      ? null
      : miss('delivered', ['delivered-to', receiver!], ['answered-by', other])
  },
  dropped({ walk }, wanted) {
    const { reason, at } = wanted === true ? {} : wanted
    if (walk.loss === null)
      return miss('dropped', loss(reason, at), walk.delivered ? ['delivered'] : null)
    const fits =
      (reason === undefined || walk.loss.drop.reason === reason) &&
      (at === undefined || walk.loss.in === at)
    return fits
      ? null
      : miss('dropped', loss(reason, at), ['lost-in', walk.loss.drop.reason, walk.loss.in])
  },
  'seen-source': sees('src', 'seen-source'),
  'seen-destination': sees('dst', 'seen-destination'),
  'ttl-received'({ walk }, wanted) {
    const ttl = arrival(walk)?.ttl ?? null
    return ttl === wanted
      ? null
      : miss('ttl-received', String(wanted), ttl === null ? null : String(ttl))
  },
  through({ walk }, wanted) {
    const way = places(walk)
    let from = 0
    for (const place of wanted) {
      const found = way.findIndex((names, i) => i >= from && names.includes(place))
      if (found < 0) return miss('through', wanted.join(', '), place)
      from = found
    }
    return null
  },
  'not-through'({ walk }, wanted) {
    const met = wanted.find((place) => places(walk).some((names) => names.includes(place)))
    return met === undefined ? null : miss('not-through', wanted.join(', '), met)
  },
  encapsulated({ walk }, wanted) {
    const most = Math.max(0, ...question(walk).map((s) => layers(s.packet)))
    return most === wanted ? null : miss('encapsulated', String(wanted), String(most))
  },
  fits({ walk }) {
    const cut = walk.steps.find((s) => s.stage === 'fragment')
    if (cut !== undefined) return miss('fits', ['fits'], ['cut-in', cut.in])
    const told = walk.steps.find(
      ({ decision: d }) => d.kind === 'icmp' && d.did === 'make' && d.type === 3 && d.code === 4,
    )
    const lost = walk.loss !== null && 'size' in walk.loss.drop ? walk.loss.in : undefined
    const where = told?.in ?? lost
    return where === undefined ? null : miss('fits', ['fits'], ['too-large-in', where])
  },
  logged({ walk }, wanted) {
    const fields = Object.entries(wanted)
    const has = flowLog(walk).some((r) => fields.every(([k, x]) => r[k as keyof typeof r] === x))
    return has ? null : miss('logged', fields.map(([k, x]) => `${k} ${String(x)}`).join(', '), null)
  },
  keeps({ walk }, wanted) {
    const broken = promises(walk).find((b) => wanted.includes(b.promise))
    return broken === undefined
      ? null
      : miss('keeps', broken.promise, ['instead-of', broken.seen, broken.expected])
  },
}

/** The first member of `expected` that a walk does not show, in the order of the table; null if it shows all. */
export function missOf(shown: Shown, expected: Expected): Miss | null {
  for (const p of Object.keys(PREDICATES) as Predicate[]) {
    const wanted = expected[p]
    if (wanted === undefined) continue
    const found = (PREDICATES[p] as (w: Shown, x: unknown) => Miss | null)(shown, wanted)
    if (found !== null) return found
  }
  return null
}
