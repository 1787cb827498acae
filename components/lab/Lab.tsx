'use client'
import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { command, concerns, explainDrop, mtuAt, nested, packets, SCENARIOS, type Scenario } from '#lib/index.ts'
import { choicesFor, Compare, Cost, type Side } from '#components/compare/Compare.tsx'
import { Diagram } from '#components/diagram/Diagram.tsx'
import type { Box } from '#components/diagram/layout.ts'
import { placeOf, spaceOf } from '#components/diagram/place.ts'
import { Kernel } from '#components/kernel/Kernel.tsx'
import { Lane, mostRows } from '#components/lane/Lane.tsx'
import { HeaderStack } from '#components/packet/HeaderStack.tsx'
import { Player } from '#components/player/Player.tsx'
import { Storyboard } from '#components/print/Storyboard.tsx'
import { ByHand } from '#components/save/ByHand.tsx'
import { Save } from '#components/save/Save.tsx'
import { copyText } from '#components/save/take.ts'
import type { Question } from '#components/why/Why.tsx'
import { Help } from './Help.tsx'
import { counterpart, DETAILS, flowNames, otherDraw } from './lab.ts'
import { Panel, type Tab } from './Panel.tsx'
import { StepList } from './StepList.tsx'
import { saying } from './stops.ts'
import { ticksOf } from './ticks.ts'
import { SPEEDS, useLab, type LabProps } from './useLab.ts'
import css from './Lab.module.css'

const SHORT: Readonly<Record<string, string>> = { 'docker-bridge': 'Docker', 'flannel-udp': 'flannel udp', 'flannel-vxlan': 'flannel vxlan', 'flannel-host-gw': 'host-gw', 'vpc-cni': 'VPC CNI' }
const short = (id: string): string => SHORT[id] ?? id
/** Steps listed in a page as built: the first packet's way. The rest follows when the figure is alive. */
const AT_REST = 24
const MOST_LISTED = 600

const Envelopes = memo(HeaderStack)
/** A frame has the colours that were chosen when it was copied; chosen by nobody, those of the reader's system. */
const themed = (): string => { const t = document.documentElement.dataset['theme']; return t === undefined ? '' : `?theme=${t}` }

/** One figure: a world, a flow, the walk through it. Everything shown follows from its small state. */
export function Lab(props: LabProps) {
  const { id, custom } = props
  const root = useRef<HTMLElement>(null)
  const lab = useLab(props, root)
  const { state, dispatch, scenario, now, scene, list, at, total, key, comparison, go, playing, setPlaying, speed, setSpeed } = lab
  const [tab, setTab] = useState<Tab>('Why')
  const [help, setHelp] = useState(false)
  const [said, setSaid] = useState('')
  const [byHand, setByHand] = useState<{ readonly text: string; readonly why: string } | null>(null)
  /** A namespace the reader looks into, until the packet moves on. */
  const [look, setLook] = useState<{ readonly name: string; readonly at: number } | null>(null)
  // Two pictures that are asked for are brought above the buttons; on a phone the lanes are longer than the window.
  const seek = useRef(false)
  const compared = comparison !== null
  useEffect(() => {
    if (compared && seek.current && innerWidth > 640) root.current?.querySelector('[data-stage]')?.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    seek.current = false
  }, [compared])
  const step = now.walk.steps[list[lab.stopIndex]?.step ?? 0]
  const ticks = useMemo(() => ticksOf(scene, now.walk, list), [scene, now, list])
  const flows = useMemo(() => flowNames(scenario), [scenario])
  const deepest = useMemo(() => Math.max(...list.map((s) => { const p = now.walk.steps[s.step]!.packet; return p.headers.length + (p.payload.length > 0 ? 1 : 0) })), [now, list])
  const layers = useMemo(() => nested(now.walk), [now])
  const rows = useMemo(() => mostRows(scene, now.walk, list), [scene, now, list])
  const offered = useMemo(() => Object.entries(scenario.whatIfs).filter(([w]) => props.alter === undefined || props.alter.includes(w) || state.scenario !== props.scenario), [scenario, state.scenario, props.alter, props.scenario])
  const asked = useRef<{ readonly flow: string; readonly before: string } | null>(null)
  const ask = useCallback((w: string, flow: string | undefined): void => {
    const on = !state.whatIfs.includes(w)
    if (on && flow !== undefined && flow !== state.flow) { asked.current = { flow, before: state.flow }; dispatch({ type: 'flow', flow }) }
    dispatch({ type: 'toggle', whatIf: w })
    // Taken back, what is sent is again what was sent before it was asked.
    if (!on && asked.current !== null && asked.current.flow === state.flow && flow === state.flow) dispatch({ type: 'flow', flow: asked.current.before })
  }, [dispatch, state.flow, state.whatIfs])
  const before = now.walk.steps[list[lab.stopIndex - 1]?.step ?? -1]
  const sentence = step === undefined ? '' : saying(now.walk, step)
  // The slider is about this packet, ARP it waits for included; next and previous go on to the one after it. Comparing, it is about the ticks of this packet.
  const shown = useMemo(() => comparison === null ? list.map((_, i) => i) : comparison.ticks.map((t) => t.left), [comparison, list])
  const own = useMemo(() => { const of = packets(now.walk); return shown.map((i) => of[now.walk.steps[list[i]!.step]!.message] ?? 0) }, [now, list, shown])
  const packet = own[at] ?? 0
  const offset = own.indexOf(packet)
  const count = `${now.walk.messages[packet]?.label ?? ''}, step ${at - offset + 1} of ${own.lastIndexOf(packet) + 1 - offset}.`
  // What is told of a step stands beside and below the picture: it may be a frame behind, so that the picture is not. It holds no functions: each would keep what was told before it.
  const telling = useMemo(() => ({ walk: now.walk, list, stop: lab.stopIndex, step, before, topology: lab.topology, text: `${count} ${sentence}` }), [now, list, lab.stopIndex, step, before, lab.topology, count, sentence])
  const told = useDeferredValue(telling)
  const redraw = useCallback(() => dispatch({ type: 'draw', draw: otherDraw(scenario, { flow: state.flow, whatIfs: state.whatIfs, draw: state.draw }, props.edits ?? []) }), [dispatch, scenario, state.flow, state.whatIfs, state.draw, props.edits])
  // The questions that arise here, and those asked already, which are to be taken back where they were asked.
  const questions = useMemo((): Question[] => {
    const { step: s, topology } = told
    if (s === undefined) return []
    const here = offered.filter(([w, x]) => state.whatIfs.includes(w) || ((x.flow === undefined || x.flow === state.flow) && x.edits.some((e) => concerns(e, s, topology))))
      .map(([w, x]) => ({ id: w, title: x.title, on: state.whatIfs.includes(w), ask: () => ask(w, x.flow) }))
    return s.decision.kind === 'hook' && s.decision.draws !== undefined ? [...here, { id: 'draw', title: 'It draws again', on: state.draw !== null, ask: redraw }] : here
  }, [told, offered, state.whatIfs, state.flow, state.draw, ask, redraw])
  if (step === undefined || told.step === undefined) return null

  const message = now.walk.messages[step.message]
  const legs = now.walk.messages.filter((m) => m.kind !== 'arp' && list.some((s) => now.walk.steps[s.step]?.message === m.n))
  const end = now.walk.delivered ? `delivered · ${layers} ${layers === 1 ? 'network' : 'networks'} deep` : now.walk.loss === null ? 'no answer' : `dropped: ${explainDrop(now.walk.loss.drop)}`

  const slider = shown.slice(offset, own.lastIndexOf(packet) + 1).map((i) => ticks[i]!)

  const sides: readonly Side[] = comparison === null ? [] : [
    { title: short(state.scenario), walk: now.walk, scene: comparison.scenes[0], step: step.n, before: before?.n ?? null, stops: list, at: lab.stopIndex, go: (i) => go(comparison.ticks.findIndex((t) => t.left === i)) },
    { title: short(comparison.now.scenario.id), walk: comparison.now.walk, scene: comparison.scenes[1], step: comparison.stops[comparison.ticks[at]!.right]!.step, before: comparison.stops[comparison.ticks[at]!.right - 1]?.step ?? null, stops: comparison.stops, at: comparison.ticks[at]!.right, go: (i) => go(comparison.ticks.findIndex((t) => t.right === i)) },
  ]

  const decision = (d: 1 | -1): void => {
    for (let i = at + d; i >= 0 && i < total; i += d) if (ticks[shown[i]!]?.mark !== 'place' && ticks[shown[i]!]?.mark !== 'aside' && shown[i] !== shown[at]) { go(i); return }
    go(d === 1 ? total - 1 : 0)
  }
  const other = (): void => {
    const leg = message?.leg === 'forward' ? 'back' : 'forward'
    const s = list.find((x) => { const m = now.walk.messages[now.walk.steps[x.step]?.message ?? 0]; return m?.leg === leg && m.kind !== 'arp' })
    if (s !== undefined) lab.goStep(s.step)
  }
  const copy = (): void => {
    const text = lab.link()
    void copyText(text).then((why) => {
      setByHand(why === null ? null : { text, why })
      if (why !== null) return
      setSaid('Link to this step copied')
      setTimeout(() => setSaid(''), 2500)
    })
  }
  const compare = (): void => {
    if (custom !== undefined) return
    dispatch({ type: 'compare', against: state.against === null ? counterpart(state.scenario) : null })
    seek.current = state.against === null
  }
  const choose = (box: Box): void => {
    const name = spaceOf(now.topology, box)
    const passes = list.filter((s) => placeOf(scene, now.walk.steps[s.step]!)?.id === box.id)
    const to = passes.find((s) => now.walk.steps[s.step]?.message === step.message) ?? passes[0]
    if (to !== undefined) lab.goStep(to.step)
    else if (name !== null) { setLook({ name, at: step.n }); setTab('Tables') }
  }

  const keysDown = (e: React.KeyboardEvent): void => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return
    const field = e.target instanceof HTMLInputElement || e.target instanceof HTMLSelectElement || e.target instanceof HTMLTextAreaElement
    if (field && !['?', 'k', ',', '.'].includes(e.key)) return
    const act: Readonly<Record<string, () => void>> = {
      ArrowRight: () => e.shiftKey ? decision(1) : go(at + 1), ArrowLeft: () => e.shiftKey ? decision(-1) : go(at - 1), Home: () => go(0), End: () => go(total - 1),
      k: () => setPlaying(!playing), ',': () => setSpeed(SPEEDS[Math.max(0, SPEEDS.indexOf(speed) - 1)]!), '.': () => setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed) + 1)]!),
      b: other, c: compare, l: copy, '?': () => setHelp(!help), Escape: () => { setHelp(false); root.current?.focus({ preventScroll: true }) },
      1: () => dispatch({ type: 'detail', detail: 'story' }), 2: () => dispatch({ type: 'detail', detail: 'network' }), 3: () => dispatch({ type: 'detail', detail: 'kernel' }),
    }
    if (e.key === ' ' && e.target === root.current) { e.preventDefault(); setPlaying(!playing); return }
    const f = act[e.key]
    if (f === undefined) return
    e.preventDefault()
    f()
  }

  return (
    <section ref={root} className={css.lab} data-figure={id} data-step-key={key} data-bare={props.bare} role="group" aria-label={`Packet walk: ${scenario.title}`} tabIndex={0} onKeyDown={keysDown}>
      {lab.goBack !== null && <div className={css.back}><button type="button" className={css.plain} onClick={lab.goBack}>Back to the text</button></div>}
      <noscript><p className={css.title}><b>{scenario.title}</b>: {flows.find(([f]) => f === state.flow)?.[1]}</p></noscript>
      <header className={css.top}>
        {custom === undefined && (
          <div className={css.choice} role="group" aria-label="Network">
            {Object.values(SCENARIOS).filter((s) => props.switches === undefined || props.switches.includes(s.id) || s.id === props.scenario).map((s) => (
              <button key={s.id} type="button" aria-pressed={s.id === state.scenario} onClick={() => dispatch({ type: 'scenario', scenario: s.id })}>{short(s.id)}</button>
            ))}
          </div>
        )}
        <label className={css.flow}><span className="hidden">What is sent</span><select value={state.flow} onChange={(e) => dispatch({ type: 'flow', flow: e.target.value })}>{flows.map(([f, name]) => <option key={f} value={f}>{name}</option>)}</select></label>
        <span className={css.tools}>
          {custom === undefined && <button type="button" className={css.plain} aria-pressed={comparison !== null} onClick={compare}>{comparison === null ? `Compare with ${short(counterpart(state.scenario))}` : 'End the comparison'}</button>}
          <Save name={`${state.scenario}-${state.flow}`} title={scenario.title} walk={now.walk} caption={`${scenario.title}. ${sentence}`} picture={() => root.current?.querySelector<SVGSVGElement>('svg[data-picture]') ?? null} link={() => lab.link()} embed={custom === undefined ? () => `${location.origin}/embed/${state.scenario}/${themed()}${lab.link().replace(/^[^#]*/, '').replace(new RegExp(`(^#|&)${id}(=|\\.view=)`, 'g'), '$1f$2')}` : null} />
          <button type="button" className={css.plain} aria-label="Keys" aria-expanded={help} onClick={() => setHelp(!help)}>?</button>
        </span>
      </header>
      {lab.notice !== null && <p className={css.notice} role="status" data-notice="">{lab.notice} <button type="button" className={css.plain} onClick={lab.dismiss}>Close</button></p>}
      {now.problem !== null && <p className={css.notice} role="status" data-notice="">An edit could not be made: {now.problem}</p>}
      {byHand !== null && <div className={css.notice}><ByHand {...byHand} close={() => { setByHand(null); root.current?.focus({ preventScroll: true }) }} /></div>}
      {help && <Help close={() => setHelp(false)} />}
      <div className={css.held}>
        {comparison === null ? (
          <div className={css.stage} data-stage="">
            <div className={css.picture}>
              <Diagram scene={scene} walk={now.walk} step={step.n} choose={choose} label={`${scenario.title}. The packet is at ${step.in}${step.dev === null ? '' : `, ${step.dev}`}.`} />
            </div>
            <div className={css.lane}><Lane scene={scene} walk={now.walk} stops={list} at={at} step={step} most={rows} go={go} /></div>
            <Panel walk={told.walk} step={told.step} before={told.before} topology={told.topology} tab={tab} setTab={setTab} look={look?.at === told.step.n ? look.name : null} questions={questions} codes={state.detail !== 'story'} />
          </div>
        ) : (
          <Compare tick={comparison.ticks[at]!} against={comparison.now.scenario.id} choices={choicesFor(state.scenario)} choose={(against) => dispatch({ type: 'compare', against })} short={short} sides={sides} />
        )}
        <div className={css.reach}>
          <div className={css.dock} data-comparing={comparison !== null}>
            <Player ticks={slider} offset={offset} total={total} at={at} playing={playing} speed={speed} text={sentence} packet={now.walk.messages[packet]?.label ?? ''} go={go} play={() => setPlaying(!playing)} faster={() => setSpeed(SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]!)} />
            <p className={css.live} data-live data-twice={(comparison !== null || tab === 'Why') && said === ''} aria-live="polite">{said === '' ? told.text : said}</p>
          </div>
        </div>
      </div>
      {comparison !== null && <Cost sides={sides} />}
      <div className={css.legs}>
        <div role="group" aria-label="Packets of this flow" className={css.packets}>
          {legs.map((m) => <button key={m.n} type="button" aria-pressed={m.n === packet} data-leg={m.leg} data-kind={m.kind} onClick={() => lab.goStep(list.find((s) => now.walk.steps[s.step]?.message === m.n)!.step)}>{m.leg === 'forward' ? '→' : '←'} {m.label}</button>)}
        </div>
        <span className={css.end} data-ok={now.walk.delivered}>{end}</span>
        <div role="group" aria-label="How much is told" className={css.choice}>
          {DETAILS.map((d) => <button key={d} type="button" aria-pressed={state.detail === d} onClick={() => dispatch({ type: 'detail', detail: d })}>{d}</button>)}
        </div>
      </div>
      {comparison === null && <div className={css.envelope} tabIndex={0} role="group" aria-label="Headers of the packet here" style={{ '--levels': deepest } as React.CSSProperties}><Envelopes packet={told.step.packet} before={told.before} mtu={mtuAt(told.walk.before, told.step)} /></div>}
      {offered.length > 0 && (
        <details className={css.alter} open={props.alter !== undefined && props.alter.length <= 4}>
          <summary>What if…{state.whatIfs.length > 0 ? ` (${state.whatIfs.length} changed)` : ''}</summary>
          <WhatIfs offered={offered} on={state.whatIfs} ask={ask} />
        </details>
      )}
      <details className={css.more} open><summary>The walk in words</summary>
        <StepList walk={told.walk} stops={told.list} at={told.stop} most={lab.alive ? MOST_LISTED : AT_REST} go={lab.goStep} />
      </details>
      <Kernel now={now} whatIfs={state.whatIfs} edits={props.edits?.length ?? 0} drawn={state.draw !== null} />
      <details className={css.more}><summary>What this leaves out</summary>
        <ul>{scenario.leavesOut.map((l) => <li key={l}>{l}</li>)}<li>How the VPC wraps packets between hosts is not published by AWS: that part is hatched and has no bytes.</li></ul>
      </details>
      <Storyboard title={scenario.title} scene={scene} walk={now.walk} message={step.message} link={lab.link} />
      <i data-end hidden />
    </section>
  )
}

interface WhatIfsProps { readonly offered: readonly (readonly [id: string, x: Scenario['whatIfs'][string]])[]; readonly on: readonly string[]; readonly ask: (w: string, flow: string | undefined) => void }

/** What can be changed, each with what one would type for it. No step changes it. */
const WhatIfs = memo(function WhatIfs({ offered, on, ask }: WhatIfsProps) {
  return <ul>{offered.map(([w, x]) => <li key={w}><label><input type="checkbox" checked={on.includes(w)} onChange={() => ask(w, x.flow)} /> {x.title}</label><code>{x.edits.slice(0, 2).map((e) => command(e)).join(' ; ')}</code></li>)}</ul>
})
