import type { Walk } from '#lib/trace/walk.ts'
import type { RawFrame } from '#lib/analysis/read/frames.ts'
import { WATCHED } from '#lib/analysis/read/counters.ts'
import type { Kept, KeptRun, Summary } from './kept.ts'
import { judge, type Agreement, type Showing } from './verify.ts'

/* What the kernel showed of a world's flows, kept as a file: enough to compare the walk with it again, on any machine. */

/** `6.18.44` of what uname says: what a builder appends tells nothing about the network. */
export function kernelVersion(release: string): string {
  return /^\d+\.\d+(\.\d+)?/.exec(release)?.[0] ?? release
}

/** A run as it was shown, or why it was not; `gaps` is what the lab left out. */
export type Ran =
  | { readonly shown: Showing; readonly gaps: readonly string[] }
  | { readonly lacks: readonly string[] }

/** Packs the runs of a world: a frame that several devices showed is there once, bytes that count up are a number. */
export function keep(
  kernel: string,
  world: string,
  ran: Readonly<Record<string, Readonly<Record<string, Ran>>>>,
): Kept {
  const [places, bytes] = [dictionary(), dictionary()]
  const pack = (r: Ran): KeptRun => {
    if ('lacks' in r) return r
    const { outcome, lost, counters, frames } = r.shown
    return {
      outcome,
      lost,
      gaps: r.gaps,
      counters: Object.fromEntries(
        Object.entries(counters).map(([ns, moved]) => [
          ns,
          Object.fromEntries(
            WATCHED.flatMap((c) => (moved[c] === undefined ? [] : [[c, moved[c]]])),
          ),
        ]),
      ),
      frames: frames.flatMap((f) => {
        if (f.hex.length !== f.len * 2)
          throw new RangeError(
            `${world}: ${f.in}/${f.dev} ${f.dir}: the capture has ${f.hex.length / 2} of ${f.len} bytes; a kept frame is whole`,
          )
        return [places.of([f.in, f.dev, f.dir, f.to ?? ''].join(' ')), bytes.of(packed(f.hex))]
      }),
    }
  }
  const runs = Object.fromEntries(
    Object.entries(ran).map(([flow, each]) => [
      flow,
      Object.fromEntries(Object.entries(each).map(([w, r]) => [w, pack(r)])),
    ]),
  )
  return {
    version: 1,
    kernel: kernelVersion(kernel),
    world,
    places: places.all,
    bytes: bytes.all,
    runs,
  }
}

/** What the kernel showed, again. */
export function shownIn(
  k: Kept,
  run: Extract<KeptRun, { readonly frames: readonly number[] }>,
): Showing {
  const frames = Array.from({ length: run.frames.length / 2 }, (_, i): RawFrame => {
    const [ns = '', dev = '', dir, to = ''] = k.places[run.frames[2 * i]!]!.split(' ')
    const hex = unpacked(k.bytes[run.frames[2 * i + 1]!]!)
    return {
      in: ns,
      dev,
      dir: dir === 'out' ? 'out' : 'in',
      to: TO.find((x) => x === to) ?? null,
      len: hex.length / 2,
      hex,
    }
  })
  return { outcome: run.outcome, lost: run.lost, counters: run.counters, frames }
}
const TO = ['host', 'otherhost', 'broadcast', 'multicast'] as const

/** What a kept run says about a walk, as `packet-walk verify` would. */
export type Verdict = Pick<
  Agreement,
  'verdict' | 'frames' | 'beyond' | 'allowances' | 'differences' | 'notVerified'
>
/** A recording compared with a walk, frame by frame, as `packet-walk verify` does. One that lacks what it would need is `not verified`. */
export function judgeKept(k: Kept, run: KeptRun, w: Walk): Verdict {
  if ('lacks' in run)
    return {
      verdict: 'not verified',
      frames: 0,
      beyond: 0,
      allowances: {},
      differences: [],
      notVerified: run.lacks,
    }
  const { pairs: _pairs, ...j } = judge(w, shownIn(k, run))
  return {
    ...j,
    verdict: j.differences.length > 0 ? 'differs' : 'agrees',
    notVerified: [...run.gaps, ...j.notVerified],
  }
}

type WalkOf = (flow: string, whatIf: string, kernel: string) => Walk
/** The one line's part of it, of every run that can be compared with a walk; `others` are what other kernels showed of the same world. */
export function summaryOf(k: Kept, others: readonly Kept[], walkOf: WalkOf): Summary {
  return {
    version: 1,
    kernel: k.kernel,
    ...(others.length === 0
      ? {}
      : {
          also: others.map((o) => ({
            kernel: o.kernel,
            runs: each(
              o,
              (flow, whatIf, run) => judgeKept(o, run, walkOf(flow, whatIf, o.kernel)).verdict,
            ),
          })),
        }),
    world: k.world,
    runs: each(k, (flow, whatIf, run) => {
      const { verdict, frames, allowances } = judgeKept(k, run, walkOf(flow, whatIf, k.kernel))
      return { verdict, frames, allowances }
    }),
  }
}

function each<T>(
  k: Kept,
  of: (flow: string, whatIf: string, run: KeptRun) => T,
): Record<string, Record<string, T>> {
  return Object.fromEntries(
    Object.entries(k.runs).map(([flow, runs]) => [
      flow,
      Object.fromEntries(Object.entries(runs).map(([w, run]) => [w, of(flow, w, run)])),
    ]),
  )
}

function dictionary(): { readonly all: string[]; readonly of: (s: string) => number } {
  const [all, at] = [[] as string[], new Map<string, number>()]
  return {
    all,
    of: (s) => {
      const n = at.get(s) ?? all.length
      if (n === all.length) {
        at.set(s, n)
        all.push(s)
      }
      return n
    },
  }
}

/** Payloads count up: from eight bytes on that are each one more than the one before, `+n` stands for n of them. */
const LEAST = 8
export function packed(hex: string): string {
  const b = hex.match(/../g) ?? []
  const v = b.map((x) => Number.parseInt(x, 16))
  let out = ''
  for (let i = 0; i < b.length;) {
    let n = 0
    while (i > 0 && i + n < b.length && v[i + n] === ((v[i + n - 1]! + 1) & 255)) n += 1
    if (n >= LEAST) {
      out += `+${n} `
      i += n
    } else {
      out += b[i]!
      i += 1
    }
  }
  return out
}

export function unpacked(text: string): string {
  let out = ''
  for (const [, hex, count] of text.matchAll(/([0-9a-f]{2})|\+(\d+) /g)) {
    if (hex !== undefined) {
      out += hex
      continue
    }
    let last = Number.parseInt(out.slice(-2), 16)
    for (let n = Number(count); n > 0; n -= 1) {
      last = (last + 1) & 255
      out += last.toString(16).padStart(2, '0')
    }
  }
  return out
}
