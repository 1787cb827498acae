'use client'
import { useCallback, useEffect, useId, useMemo, useReducer, useRef, useState } from 'react'
import { command, explain, explainDrop, netns, dev, SCENARIOS, space, tableAsTool, topologyAt, type Edit, type Scenario, type Step, type TableName } from '#lib/index.ts'
import { Diagram } from '#components/diagram/Diagram.tsx'
import { layout } from '#components/diagram/layout.ts'
import { Observers } from '#components/observers/Observers.tsx'
import { HeaderStack } from '#components/packet/HeaderStack.tsx'
import { HexDump } from '#components/packet/HexDump.tsx'
import { Player } from '#components/player/Player.tsx'
import { Why } from '#components/why/Why.tsx'
import { announce, subscribe } from './bus.ts'
import { reduce, walked, type LabState } from './lab.ts'
import { read, stepOf, write } from './link.ts'
import { stopAt, stops as stopsOf, withStop } from './stops.ts'
import css from './Lab.module.css'

export interface LabProps {
  readonly id: string; readonly scenario: string; readonly flow?: string; readonly whatIfs?: readonly string[]; readonly step?: string
  /** Worlds the reader may switch to, and what-ifs offered; all when left out. */
  readonly switches?: readonly string[]; readonly alter?: readonly string[]
  /** A world that is not one of ours (the sandbox), with edits on top. */
  readonly custom?: Scenario; readonly edits?: readonly Edit[]; readonly bare?: boolean
}

const TABS = ['Why', 'Headers', 'Bytes', 'Tables', 'Seen by'] as const
type Tab = (typeof TABS)[number]
const SPEEDS = [0.5, 1, 1.5, 2]
const SHORT: Readonly<Record<string, string>> = { 'docker-bridge': 'Docker', 'flannel-udp': 'flannel udp', 'flannel-vxlan': 'flannel vxlan', 'flannel-host-gw': 'host-gw', 'vpc-cni': 'VPC CNI' }

/** One figure: a world, a flow, the walk through it. Everything shown follows from its small state. */
export function Lab(props: LabProps) {
  const { id, custom, edits = NO_EDITS } = props
  const home = useMemo(() => custom ?? SCENARIOS[props.scenario] ?? Object.values(SCENARIOS)[0]!, [custom, props.scenario])
  const initial = useMemo((): LabState => {
    const flow = props.flow ?? Object.keys(home.flows)[0] ?? ''
    const w = walked(home, flow, props.whatIfs ?? [], edits)
    return { scenario: home.id, flow, whatIfs: props.whatIfs ?? [], step: props.step === undefined ? 0 : stepOf(w.keys, props.step).step, detail: 'story' }
  }, []) // eslint-disable-line react/exhaustive-deps -- only where it begins
  const [state, dispatch] = useReducer(reduce, initial)
  const [notice, setNotice] = useState<string | null>(null)
  const [tab, setTab] = useState<Tab>('Why')
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [help, setHelp] = useState(false)
  const [copied, setCopied] = useState(false)
  const [alive, setAlive] = useState(false)
  const root = useRef<HTMLElement>(null)
  const tabsId = useId()
  const ready = useRef(false)

  const scenario = custom ?? SCENARIOS[state.scenario] ?? home
  const now = useMemo(() => walked(scenario, state.flow, state.whatIfs, edits), [scenario, state.flow, state.whatIfs, edits])
  const list = useMemo(() => withStop(stopsOf(now.walk, state.detail), state.step, now.walk.steps.length), [now, state.detail, state.step])
  const at = stopAt(list, state.step)
  const stop = list[at]
  const step = now.walk.steps[stop?.step ?? 0]
  const key = now.keys[step?.n ?? 0] ?? ''
  const scene = useMemo(() => layout(now.topology, now.walk), [now])
  const topology = useMemo(() => topologyAt(now.walk, step?.n ?? 0), [now, step])
  const go = useCallback((i: number) => { const s = list[Math.max(0, Math.min(list.length - 1, i))]; if (s !== undefined) dispatch({ type: 'go', step: s.step }) }, [list])

  // The link names the state; a changed fragment (back button, pasted link) is followed.
  useEffect(() => {
    const follow = (): void => {
      const l = read(location.hash, id, { scenario: home.id, flow: initial.flow })
      if (l === null) return
      const target = custom ?? SCENARIOS[l.scenario] ?? home
      const w = walked(target, l.flow, l.whatIfs, edits)
      const found = stepOf(w.keys, l.key)
      dispatch({ type: 'set', state: { scenario: target.id, flow: l.flow, whatIfs: l.whatIfs, step: found.step, detail: 'story' } })
      setNotice(l.notice ?? (found.exact ? null : 'This link names a step that no longer exists. This is the nearest there is.'))
    }
    follow()
    ready.current = true
    setAlive(true)
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, []) // eslint-disable-line react/exhaustive-deps -- the figure's identity does not change

  const before = useRef(state)
  useEffect(() => {
    if (!ready.current || before.current === state) return
    const changed = before.current.scenario !== state.scenario || before.current.flow !== state.flow
    before.current = state
    const hash = write(location.hash, id, state, key)
    if (hash === location.hash) return
    if (changed) history.pushState(null, '', hash)
    else history.replaceState(null, '', hash)
  }, [state, key, id])

  // Prose and picture share one index.
  useEffect(() => { announce(id, { key, keys: now.keys, current: step?.n ?? 0 }) }, [id, key, now.keys, step])
  useEffect(() => subscribe(`go:${id}`, (wanted) => {
    const found = stepOf(now.keys, String(wanted))
    dispatch({ type: 'go', step: found.step })
    root.current?.scrollIntoView({ block: 'nearest', behavior: 'auto' })
  }), [id, now.keys])

  useEffect(() => {
    if (!playing) return
    if (at >= list.length - 1) { setPlaying(false); return }
    const t = setTimeout(() => go(at + 1), 1500 / speed)
    return () => clearTimeout(t)
  }, [playing, at, list.length, speed, go])

  if (step === undefined) return null
  const message = now.walk.messages[step.message]
  const talk = (s: Step): string => `${s.drop === null ? explain(s, now.walk.after) : `${explain(s, now.walk.after)} ${explainDrop(s.drop)}`}`
  const sentence = talk(step)
  const legs = now.walk.messages.filter((m) => m.kind !== 'arp' && list.some((s) => now.walk.steps[s.step]?.message === m.n))
  // The slider is about this packet; next and previous go on to the one after it.
  const offset = Math.max(0, list.findIndex((x) => now.walk.steps[x.step]?.message === step.message))
  const mine = list.slice(offset).filter((x) => now.walk.steps[x.step]?.message === step.message)
  const offered = Object.entries(scenario.whatIfs).filter(([w]) => props.alter === undefined || props.alter.includes(w) || state.scenario !== props.scenario)
  const end = now.walk.delivered ? 'delivered' : now.walk.loss === null ? 'no answer' : `dropped: ${explainDrop(now.walk.loss.drop)}`

  const decisionFrom = (d: 1 | -1): void => {
    for (let i = at + d; i >= 0 && i < list.length; i += d) if (list[i]?.mark !== 'place') { go(i); return }
    go(d === 1 ? list.length - 1 : 0)
  }
  const other = (): void => {
    const leg = message?.leg === 'forward' ? 'back' : 'forward'
    const i = list.findIndex((s) => { const m = now.walk.messages[now.walk.steps[s.step]?.message ?? 0]; return m?.leg === leg && m.kind !== 'arp' })
    if (i >= 0) go(i)
  }
  const copy = (): void => { void navigator.clipboard?.writeText(`${location.origin}${location.pathname}${write(location.hash, id, state, key)}`).then(() => { setCopied(true); setTimeout(() => setCopied(false), 2000) }) }
  const keysDown = (e: React.KeyboardEvent): void => {
    const inField = e.target instanceof HTMLInputElement || e.target instanceof HTMLSelectElement || e.target instanceof HTMLTextAreaElement
    if (e.ctrlKey || e.metaKey || e.altKey) return
    if (inField && !['?', 'b', 'k', ',', '.', 'l'].includes(e.key)) return
    const act: Readonly<Record<string, () => void>> = {
      ArrowRight: () => e.shiftKey ? decisionFrom(1) : go(at + 1), ArrowLeft: () => e.shiftKey ? decisionFrom(-1) : go(at - 1), Home: () => go(0), End: () => go(list.length - 1),
      k: () => setPlaying((p) => !p), ',': () => setSpeed((s) => SPEEDS[Math.max(0, SPEEDS.indexOf(s) - 1)]!), '.': () => setSpeed((s) => SPEEDS[Math.min(3, SPEEDS.indexOf(s) + 1)]!),
      b: other, l: copy, '?': () => setHelp((h) => !h), Escape: () => setHelp(false), '1': () => dispatch({ type: 'detail', detail: 'story' }), '3': () => dispatch({ type: 'detail', detail: 'kernel' }),
    }
    if (e.key === ' ' && e.target === root.current) { e.preventDefault(); setPlaying((p) => !p); return }
    const f = act[e.key]
    if (f === undefined || (e.target instanceof HTMLElement && e.target.getAttribute('role') === 'tab' && e.key.startsWith('Arrow'))) return
    e.preventDefault()
    f()
  }
  const mtu = step.dev === null ? null : (() => { const n = netns(now.topology, step.in); const d = n === undefined ? undefined : dev(n, step.dev); return d === undefined || d.mtu > 20000 ? null : d.mtu })()

  return (
    <section ref={root} className={css.lab} data-figure={id} data-step-key={key} data-bare={props.bare} role="group" aria-label={`Packet walk: ${scenario.title}`} tabIndex={0} onKeyDown={keysDown}>
      <header className={css.top}>
        {custom === undefined && (
          <div className={css.worlds} role="group" aria-label="Network">
            {Object.values(SCENARIOS).filter((s) => props.switches === undefined || props.switches.includes(s.id) || s.id === props.scenario).map((s) => (
              <button key={s.id} type="button" aria-pressed={s.id === state.scenario} onClick={() => dispatch({ type: 'scenario', scenario: s.id })}>{SHORT[s.id] ?? s.id}</button>
            ))}
          </div>
        )}
        <label className={css.flow}>send <select value={state.flow} onChange={(e) => dispatch({ type: 'flow', flow: e.target.value })}>{Object.entries(scenario.flows).map(([f, x]) => <option key={f} value={f}>{x.from} → {x.to}{x.dport > 0 ? `:${x.dport}` : ''} ({x.proto === 'icmp' ? 'ping' : x.proto}{x.size > 200 ? `, ${x.size} bytes` : ''})</option>)}</select></label>
        <span className={css.end} data-ok={now.walk.delivered}>{end}</span>
        <button type="button" className={css.plain} onClick={copy}>{copied ? 'Link copied' : 'Copy link'}</button>
        <button type="button" className={css.plain} aria-expanded={help} onClick={() => setHelp(!help)}>Keys</button>
      </header>
      {notice !== null && <p className={css.notice} role="status">{notice} <button type="button" onClick={() => setNotice(null)}>Close</button></p>}
      {now.problem !== null && <p className={css.notice} role="status">An edit could not be made: {now.problem}</p>}
      {help && <p className={css.help}><kbd>→</kbd> <kbd>←</kbd> step · <kbd>Shift</kbd> with them: next decision · <kbd>Home</kbd> <kbd>End</kbd> · <kbd>Space</kbd> or <kbd>k</kbd> play · <kbd>,</kbd> <kbd>.</kbd> slower, faster · <kbd>b</kbd> the other direction · <kbd>1</kbd> story, <kbd>3</kbd> every kernel step · <kbd>l</kbd> copy link · <kbd>?</kbd> this list. While the figure has the focus.</p>}
      <div className={css.stage}>
        <div className={css.picture}><Diagram scene={scene} walk={now.walk} step={step.n} stops={list.map((s) => s.step)} label={`${scenario.title}. The packet is at ${step.in}${step.dev === null ? '' : `, ${step.dev}`}.`} /></div>
        <div className={css.panel}>
          <div role="tablist" aria-label="About this step" className={css.tabs}>
            {TABS.map((t, i) => <button key={t} type="button" role="tab" id={`${tabsId}-${t.replace(' ', '-')}`} aria-selected={tab === t} aria-controls={`${tabsId}-panel`} tabIndex={tab === t ? 0 : -1} onClick={() => setTab(t)} onKeyDown={(e) => { const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0; if (d !== 0) { const next = TABS[(i + d + TABS.length) % TABS.length]!; setTab(next); document.getElementById(`${tabsId}-${next.replace(' ', '-')}`)?.focus() } }}>{t}</button>)}
          </div>
          <div role="tabpanel" id={`${tabsId}-panel`} aria-labelledby={`${tabsId}-${tab.replace(' ', '-')}`} className={css.body} tabIndex={0}>
            <p className={css.place}><b>{step.in}</b>{step.dev === null ? '' : ` / ${step.dev}`} <span>{step.stage}</span></p>
            {tab === 'Why' && <Why step={step} topology={topology} />}
            {tab === 'Headers' && <HeaderStack packet={step.packet} before={now.walk.steps[list[at - 1]?.step ?? -1]} mtu={mtu} />}
            {tab === 'Bytes' && <HexDump packet={step.packet} />}
            {tab === 'Tables' && <Tables step={step} topology={topology} />}
            {tab === 'Seen by' && <Observers walk={now.walk} step={step} />}
          </div>
        </div>
      </div>
      <div className={css.legs} role="group" aria-label="Packets of this flow">
        {legs.map((m) => <button key={m.n} type="button" aria-pressed={m.n === step.message} data-leg={m.leg} data-kind={m.kind} onClick={() => go(list.findIndex((s) => now.walk.steps[s.step]?.message === m.n))}>{m.leg === 'forward' ? '→' : '←'} {m.label}</button>)}
      </div>
      <div className={css.envelope} tabIndex={0} role="group" aria-label="Headers of the packet here"><HeaderStack packet={step.packet} before={now.walk.steps[list[at - 1]?.step ?? -1]} mtu={mtu} /></div>
      <Player stops={mine} offset={offset} total={list.length} at={at} playing={playing} speed={speed} text={sentence} go={go} play={() => setPlaying(!playing)} faster={() => setSpeed(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]!)} />
      <p className={css.live} data-live aria-live="polite">{`Step ${at + 1} of ${list.length}. ${sentence}`}</p>
      {offered.length > 0 && (
        <details className={css.alter} open={props.alter !== undefined && props.alter.length <= 4}>
          <summary>What if…{state.whatIfs.length > 0 ? ` (${state.whatIfs.length} changed)` : ''}</summary>
          <ul>{offered.map(([w, x]) => <li key={w}><label><input type="checkbox" checked={state.whatIfs.includes(w)} onChange={() => { if (x.flow !== undefined && x.flow !== state.flow && !state.whatIfs.includes(w)) dispatch({ type: 'flow', flow: x.flow }); dispatch({ type: 'toggle', whatIf: w }) }} /> {x.title}</label><code>{x.edits.slice(0, 2).map((e) => command(e)).join(' ; ')}</code></li>)}</ul>
        </details>
      )}
      <details className={css.more}><summary>Step list, detail, and what this leaves out</summary>
        <label><input type="checkbox" checked={state.detail === 'kernel'} onChange={(e) => dispatch({ type: 'detail', detail: e.target.checked ? 'kernel' : 'story' })} /> every kernel step, ARP included</label>
        <ol className={css.list}>{list.slice(0, alive ? 400 : AT_REST).map((s, i) => { const x = now.walk.steps[s.step]!; return <li key={s.step}><button type="button" aria-current={i === at ? 'step' : undefined} onClick={() => go(i)}>{x.in}{x.dev === null ? '' : ` / ${x.dev}`}: {talk(x)}</button></li> })}</ol>
        <ul>{scenario.leavesOut.map((l) => <li key={l}>{l}</li>)}<li>How the VPC wraps packets between hosts is not published by AWS: that part is hatched and has no bytes.</li></ul>
      </details>
    </section>
  )
}

/** Steps listed in a page as built: the first packet's way. The rest follows when the figure is alive. */
const AT_REST = 32
const NO_EDITS: readonly Edit[] = []
const LINUX: readonly TableName[] = ['routes', 'rules', 'neigh', 'fdb', 'netfilter', 'conntrack', 'devs', 'sockets', 'sysctls', 'leases']
const CLOUD: readonly TableName[] = ['enis', 'sgRules', 'aclRules', 'vpcRoutes', 'subnets', 'sgFlows']

/** Every table of the space the packet is in. */
function Tables({ step, topology }: { readonly step: Step; readonly topology: ReturnType<typeof topologyAt> }) {
  const s = space(topology, step.in)
  if (s === undefined) return null
  return <>{(s.kind === 'vpc' ? CLOUD : LINUX).map((t) => { const { command: c, lines } = tableAsTool(s, t); return lines.length === 0 ? null : <details key={t} className={css.tool}><summary><code>{c}</code></summary><pre tabIndex={0}>{lines.slice(0, 200).map((l) => l.text).join('\n')}</pre></details> })}</>
}
