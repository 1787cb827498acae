import { walk } from '#lib/walk/walk.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { spaces, withSpace, withTable, type Topology } from '#lib/topology/topology.ts'
import type { Action, Lab, Probe, Warm } from './probe.ts'

/** A send of a probe and the walk it became. */
export interface Sent {
  readonly call: string | null
  readonly from: string
  readonly walk: Walk
}
export interface Played {
  readonly lines: readonly string[]
  readonly sent: readonly Sent[]
}

/** Run the actions of a probe one after the other, each on what the one before left behind. */
export function play(base: Topology, lab: Lab, p: Probe): Played {
  let t = p.cold === true ? base : warmed(base, lab.warm)
  const lines: string[] = []
  const sent: Sent[] = []
  for (const a of p.actions) {
    if (a.kind === 'do') {
      if (a.line !== null) lines.push(a.line)
      t = applyAll(t, a.edits(t))
      continue
    }
    t = bound(t, a)
    const w = walk(t, a.flow)
    sent.push({ call: a.call, from: a.flow.from, walk: w })
    t = w.after
  }
  return { lines, sent }
}

function bound(t: Topology, a: Action & { readonly kind: 'send' }): Topology {
  return a.bind === null
    ? t
    : applyAll(t, [{ op: 'add', in: a.bind.in, table: 'sockets', row: a.bind.socket }])
}

const memo = new WeakMap<Topology, Topology>()

/** The lab's warm-up: a ping for each path, each on what the one before left behind; then connections are forgotten everywhere. */
export function warmed(base: Topology, warm: readonly Warm[]): Topology {
  const known = memo.get(base)
  if (known !== undefined) return known
  let t = base
  for (const [from, src, to] of warm) {
    const flow: Flow = {
      from,
      src,
      to,
      proto: 'icmp',
      dport: 0,
      sport: 1,
      size: 8,
      ttl: 64,
      df: false,
      id: 1,
      seq: 1,
    }
    const w = walk(t, flow)
    if (!w.delivered)
      throw new Error(`warm-up ${src}>${to} got no answer: ${JSON.stringify(w.loss)}`)
    t = w.after
  }
  for (const s of spaces(t))
    if (s.kind === 'netns' && s.conntrack.length > 0)
      t = withSpace(t, withTable(s, 'conntrack', []))
  memo.set(base, t)
  return t
}
