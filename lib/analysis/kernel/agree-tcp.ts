import { agree } from './words.ts'
import type { CapturedFrame, CapturedLayer, OurFrame } from '#lib/analysis/read/frames.ts'

/* TCP's large writes: what a kernel's timing decides, and what it does not. */

const tcpOf = (f: CapturedFrame): CapturedLayer | undefined =>
  f.layers.findLast((y) => y.type === 'tcp')
const bytesIn = (x: CapturedLayer): number => (typeof x.data_len === 'number' ? x.data_len : 0)
const place = (f: CapturedFrame): string => `${f.ns}/${f.iface} ${f.dir}`
/** One way of a connection, as one place sees it. */
const way = (f: CapturedFrame, x: CapturedLayer): string =>
  `${place(f)} ${String(x.sport)}>${String(x.dport)}`
const endOf = (x: CapturedLayer): number => (x.seq as number) + bytesIn(x)
/** A field as text; one that is not there is nothing. */
export const text = (x: unknown): string =>
  x === undefined || x === null ? '' : String(x as string | number)
export const unpushed = (flags: unknown): string => text(flags).replace('P', '')

/** How far a write is pushed at once by the size of its first half window, in bytes: behind it PSH stands at the ends of buffers too (forced_push). */
const HALF_WINDOW = 32_000

/** Does a TCP layer, or one that an ICMP error quotes, end a write? `ip` is the header in front of it. */
export function endsOfWrites(
  frames: readonly OurFrame[],
): (x: CapturedLayer, ip: CapturedLayer | undefined) => boolean {
  const ends = new Map<string, number>()
  for (const f of frames) {
    const x = tcpOf(f)
    if (x !== undefined && bytesIn(x) > 0)
      ends.set(
        `${f.walk} ${way(f, x)}`,
        Math.max(ends.get(`${f.walk} ${way(f, x)}`) ?? 0, endOf(x)),
      )
  }
  const all = new Set(ends.values())
  const quoted = (x: CapturedLayer, ip: CapturedLayer | undefined): number =>
    Number(ip?.total_len ?? 0) - 20 - Number(x.hdr_len ?? 20)
  const length = (x: CapturedLayer, ip: CapturedLayer | undefined): number =>
    typeof x.data_len === 'number' ? x.data_len : quoted(x, ip)
  return (x, ip) => length(x, ip) === 0 || all.has((x.seq as number) + length(x, ip))
}

/** Segments in the longest write of a walk. */
export function longestWrite(frames: readonly CapturedFrame[]): number {
  const parts = new Map<string, Set<number>>()
  for (const f of frames) {
    const x = tcpOf(f)
    if (x === undefined || bytesIn(x) === 0) continue
    const known = parts.get(way(f, x)) ?? new Set<number>()
    parts.set(way(f, x), known.add(x.seq as number))
  }
  return Math.max(0, ...[...parts.values()].map((s) => s.size))
}

/** PSH ends a burst of several segments or a write: two in a row are one too many. */
export function pushedAlone(kernel: readonly CapturedFrame[]): string[] {
  const before = new Map<string, CapturedLayer>()
  return kernel.flatMap((f) => {
    const x = tcpOf(f)
    if (x === undefined || bytesIn(x) === 0) return []
    const last = before.get(way(f, x))
    before.set(way(f, x), x)
    const follows =
      last !== undefined &&
      endOf(last) === x.seq &&
      bytesIn(last) === bytesIn(x) &&
      endOf(x) < HALF_WINDOW
    return follows && [last, x].every((y) => String(y.flags).includes('P'))
      ? [agree().pushedAlone(place(f), String(x.seq))]
      : []
  })
}

/** TCP_INIT_CWND, and two more for each that is acknowledged (slow start). */
export const FIRST_WINDOW = 10

/** An acknowledgement of data that carries nothing else. */
function plainAck(f: CapturedFrame): CapturedLayer | undefined {
  const x = tcpOf(f)
  return x !== undefined &&
    x.flags === 'A' &&
    bytesIn(x) === 0 &&
    typeof x.ack === 'number' &&
    x.ack > 1 &&
    x.sack === undefined
    ? x
    : undefined
}

/** The frames without plain acknowledgements. */
export const withoutAcks = <F extends CapturedFrame>(frames: readonly F[]): F[] =>
  frames.filter((f) => plainAck(f) === undefined)

/** What the kernel's acknowledgements must be where their number depends on timing: each at the end of a segment, in order, the last that of ours;
 *  IP ids counting up by one. */
export function acksDiffer(
  kernel: readonly CapturedFrame[],
  ours: readonly OurFrame[],
  fixedIds: readonly number[],
): string[] {
  const bounds = boundsOf(ours)
  // What NAT draws differs: only ports that both have tell the ends apart.
  const here = new Set(ours.map((f) => tcpOf(f)?.sport))
  const ports = new Set(kernel.map((f) => tcpOf(f)?.sport).filter((p) => here.has(p)))
  const final = (f: CapturedFrame): [string, number][] => {
    const x = plainAck(f)
    return x === undefined
      ? []
      : [[`${place(f)} ${ports.has(x.sport) ? String(x.sport) : 'drawn'}`, x.ack as number]]
  }
  const finals = (frames: readonly CapturedFrame[]): Map<string, number> =>
    new Map(frames.flatMap(final))
  const [theirs, mine] = [finals(kernel), finals(ours)]
  const last = (k: string): string[] =>
    theirs.get(k) === mine.get(k)
      ? []
      : [`${k}: last acknowledgement: kernel ${String(theirs.get(k))}, ours ${String(mine.get(k))}`]
  const out = [...new Set([...theirs.keys(), ...mine.keys()])].flatMap(last)
  const acked = new Map<string, number>()
  const ids = new Map<string, number>()
  for (const f of kernel) {
    const x = tcpOf(f)
    if (x === undefined) continue
    const ack = plainAck(f)?.ack as number | undefined
    const before = acked.get(way(f, x)) ?? 0
    if (ack !== undefined && ack < before) out.push(agree().acknowledgesBack(place(f), ack, before))
    if (ack !== undefined && !bounds.includes(ack) && !bounds.includes(ack - 1))
      out.push(agree().acknowledgesInside(place(f), ack))
    if (typeof x.ack === 'number') acked.set(way(f, x), Math.max(before, x.ack))
    out.push(...counts(f, x, { ids, fixed: fixedIds }))
  }
  return out
}

/** Where segments end. */
function boundsOf(frames: readonly CapturedFrame[]): number[] {
  return [
    ...new Set(
      frames.flatMap((f) => {
        const x = tcpOf(f)
        return x !== undefined && bytesIn(x) > 0 ? [endOf(x)] : []
      }),
    ),
  ]
}

/** Slow start: never more segments have left a device than ten and two for each that was acknowledged there. */
export function beyondWindow(kernel: readonly CapturedFrame[]): string[] {
  const acked = new Map<string, number>()
  const sent = new Map<string, Set<number>>()
  return kernel.flatMap((f) => {
    const x = tcpOf(f)
    if (x === undefined) return []
    if (typeof x.ack === 'number') acked.set(way(f, x), Math.max(acked.get(way(f, x)) ?? 0, x.ack))
    if (bytesIn(x) === 0 || f.dir !== 'out') return []
    const ends = (sent.get(way(f, x)) ?? new Set<number>()).add(endOf(x))
    sent.set(way(f, x), ends)
    const back = acked.get(`${f.ns}/${f.iface} in ${String(x.dport)}>${String(x.sport)}`)
    const covered = [...ends].filter((end) => end <= (back ?? 0)).length
    return back !== undefined && ends.size > FIRST_WINDOW + 2 * covered
      ? [`${place(f)}: ${ends.size} segments when ${covered} were acknowledged`]
      : []
  })
}

/** Every packet of one sender has the next IP id, whatever stands between. */
function counts(
  f: CapturedFrame,
  x: CapturedLayer,
  { ids, fixed }: { readonly ids: Map<string, number>; readonly fixed: readonly number[] },
): string[] {
  const id = f.layers.findLast((y) => y.type === 'ipv4')?.id as number
  if (fixed.includes(id)) return []
  const last = ids.get(way(f, x))
  ids.set(way(f, x), id)
  return last === undefined || ((last & 0xffff) % 0xffff) + 1 === id || ((last + 1) & 0xffff) === id
    ? []
    : [`${place(f)}: IP id ${id} after ${last}`]
}
