import { describe, expect, it } from 'vitest'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import { ALLOWANCES, type Allowance } from '#lib/analysis/kernel/allowances.ts'
import { apart, compare, type Comparison } from '#lib/analysis/kernel/agree.ts'
import { asCaptured } from '#lib/analysis/kernel/recorded.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import { capture, type CapturedProbe, type LabName } from './capture.ts'
import { L1 } from './l1-docker.ts'
import { L2 } from './l2-vxlan.ts'
import { L3 } from './l3-udp.ts'
import { play, type Played } from './play.ts'
import { connections, dropped, saw, seen, theirConnections } from './outcome.ts'
import type { Lab, Probe } from './probe.ts'
import { topologyOf } from './state.ts'

/* Every frame that a Linux 6.18 showed on every interface, and what walk() shows for the same rows. */

const LABS: readonly (readonly [LabName, Lab])[] = [
  ['L1-docker-bridge', L1],
  ['L2-flannel-vxlan', L2],
  ['L3-flannel-udp', L3],
]
const used = new Set<Allowance>()
/** Probes in which flanneld and a TCP program are woken at once. */
const RACES = new Set(['L3-flannel-udp/tcp', 'L3-flannel-udp/tcp-reverse'])

/** Where one of our ids covers what the kernel names in two ways. */
const NAMED_OTHERWISE: Readonly<
  Record<string, { readonly kernel: string; readonly ours: string | null; readonly why: string }>
> = {
  'L1-docker-bridge/docker0-down': {
    kernel: 'BRIDGE_INGRESS_STP_STATE',
    ours: 'DEV_READY',
    why: 'link-down is one id for every device that is down',
  },
  'L2-flannel-vxlan/path-mtu1400-df': {
    kernel: 'NOT_SPECIFIED',
    ours: null,
    why: 'no name of the kernel’s',
  },
}

function judged(probe: string, r: CapturedProbe, { sent }: Played): Comparison {
  const all = asCaptured(sent.map((x) => x.walk.frames))
  const strict = compare(r.frames, all, r.fixed)
  const [allowance, loose] = RACES.has(probe)
    ? ['scheduling' as const, () => compare(apart(r.frames), apart(all), r.fixed)]
    : [null, () => strict]
  if (allowance === null || strict.differences.length === 0) return strict
  const c = loose()
  return { differences: c.differences, pairs: c.pairs, used: new Map([...c.used, [allowance, 1]]) }
}

describe.each(LABS)('%s', (name, lab) => {
  const recorded = capture(name)
  const base = topologyOf(recorded)
  const of = (p: Probe): CapturedProbe => {
    const r = recorded.probes[p.name]
    if (r === undefined) throw new Error(`no recording of ${p.name}`)
    return r
  }
  const cases = lab.probes.map((p) => [p.name, p] as const)
  const played = new Map<Probe, Played>()
  const result = (p: Probe): Played => {
    const known = played.get(p) ?? play(base, lab, p)
    played.set(p, known)
    return known
  }

  it('has every probe that was recorded', () =>
    expect(lab.probes.map((p) => p.name).toSorted()).toEqual(
      Object.keys(recorded.probes).toSorted(),
    ))

  it.each(cases)('%s: the frames', (_, p) => {
    const c = judged(`${name}/${p.name}`, of(p), result(p))
    for (const a of c.used.keys()) used.add(a)
    expect(c.differences).toEqual([])
  })

  it.each(cases)(
    '%s: what the programs see, from the commands and calls of the recording',
    (_, p) => {
      const r = of(p)
      const { lines, sent } = result(p)
      // What the lab put back afterwards stands at the end of its list.
      expect(lines).toEqual(r.setup.slice(0, lines.length))
      const calls = sent.filter((s) => s.call !== null)
      const theirs = r.events.filter((e) => /^(ICMP|UDP|TCP) /.test(e.call))
      expect(calls.map((s) => `${s.from}: ${s.call}`)).toEqual(
        theirs.map((e) => `${e.who}: ${e.call}`),
      )
      expect(calls.map((s) => saw(s.walk))).toEqual(theirs.map((e) => seen(String(e.result))))
    },
  )

  it.each(cases.filter(([, p]) => of(p).drops !== null))(
    '%s: what was dropped, by the kernel’s own names',
    (_, p) => {
      const exempt = NAMED_OTHERWISE[`${name}/${p.name}`]
      const theirs = of(p)
        .drops!.map((d) => d.reason)
        .map((r) => (r === exempt?.kernel ? exempt.ours : r))
      expect(dropped(result(p).sent.map((s) => s.walk))).toEqual(
        [...new Set(theirs)].filter((r) => r !== null).toSorted(),
      )
    },
  )

  it.each(cases.filter(([, p]) => of(p).conntrack !== undefined))(
    '%s: the connections that are left',
    (_, p) => {
      const r = of(p)
      const last = result(p).sent.at(-1)!.walk.after
      for (const [ns, lines] of Object.entries(r.conntrack!)) {
        const ours = connections(last, ns, r.fixed)
        expect(ours).toEqual(theirConnections(lines, r.fixed))
      }
    },
  )

  it('prints the firewall as it was read', () => {
    for (const s of Object.values(recorded.state))
      expect(parseIptables(s.iptables).netfilter.map(ruleText)).toEqual(
        s.iptables.split('\n').filter((l) => l.startsWith('-A')),
      )
  })
})

// TCP's clock the recordings do not have, no write of several segments, and no Geneve.
it('needs every allowance it makes', () =>
  expect([...used].toSorted()).toEqual(
    ALLOWANCES.filter(
      (a) => a !== 'tcp-clock' && a !== 'tcp-push' && a !== 'geneve-source-port',
    ).toSorted(),
  ))
