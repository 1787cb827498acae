import { useMemo } from 'react'
import { explain, explainDrop, ledger, mtuAt, PLACES, SCENARIOS, type Ledger, type Tick, type Walk } from '#lib/index.ts'
import { Diagram } from '#components/diagram/Diagram.tsx'
import type { Scene } from '#components/diagram/layout.ts'
import { whereOf } from '#components/diagram/place.ts'
import { Lane, mostRows } from '#components/lane/Lane.tsx'
import type { Stop } from '#components/lab/stops.ts'
import { HeaderStack } from '#components/packet/HeaderStack.tsx'
import { Said } from '#components/why/Said.tsx'
import css from './Compare.module.css'

/** One of the two: its walk, its picture, the step it is at and the stop before. */
export interface Side { readonly title: string; readonly walk: Walk; readonly scene: Scene; readonly step: number; readonly before: number | null
  /** Its stops, which of them it is at, and how to go to one. */
  readonly stops: readonly Stop[]; readonly at: number; readonly go: (at: number) => void }

interface Props { readonly sides: readonly Side[]; readonly tick: Tick; readonly against: string; readonly choices: readonly string[]; readonly choose: (scenario: string) => void; readonly short: (scenario: string) => string }

/** Two worlds on one clock. */
export function Compare({ sides, tick, against, choices, choose, short }: Props) {
  return (
    <div className={css.compare}>
      <p className={css.clock}>{tick.together ? <>Both packets are <b>{PLACES[tick.phase.place]}</b>. The one with fewer steps there waits for the other.</> : <>One packet is <b>{PLACES[tick.phase.place]}</b>. The other waits.</>}</p>
      <div className={css.sides} data-stage="">
        {sides.map((s, i) => {
          const step = s.walk.steps[s.step]!
          return (
            <section key={i} className={css.side} aria-label={s.title}>
              <p className={css.title}>{i === 0 ? s.title : <label>compared with <select value={against} onChange={(e) => choose(e.target.value)}>{choices.map((c) => <option key={c} value={c}>{short(c)}</option>)}</select></label>}</p>
              <div className={css.picture}><Diagram scene={s.scene} walk={s.walk} step={s.step} label={`${s.title}. The packet is at ${step.in}.`} /></div>
              <div className={css.lane}><Lane scene={s.scene} walk={s.walk} stops={s.stops} at={s.at} step={step} most={mostRows(s.scene, s.walk, s.stops)} go={s.go} /></div>
              <p className={css.sentence} tabIndex={0}><b>{step.in}{whereOf(step)}</b> <Said text={step.drop === null ? explain(step, s.walk.after) : `${explain(step, s.walk.after)} ${explainDrop(step.drop)}`} packet={step.packet} /></p>
              <div className={css.stack} tabIndex={0} role="group" aria-label={`Headers in ${s.title}`}><HeaderStack packet={step.packet} before={s.before === null ? undefined : s.walk.steps[s.before]} mtu={mtuAt(s.walk.before, step)} /></div>
            </section>
          )
        })}
      </div>
    </div>
  )
}

/** What each has cost so far, line by line; what differs stands out. */
export function Cost({ sides }: { readonly sides: readonly Side[] }) {
  const ledgers = useMemo(() => sides.map((s) => ledger(s.walk, s.step)), [sides])
  return (
    <div className={css.ledger} tabIndex={0} role="region" aria-label="What it has cost so far">
      <table>
        <thead><tr><th scope="col">So far</th>{sides.map((s) => <th key={s.title} scope="col">{s.title}</th>)}</tr></thead>
        <tbody>{ROWS.map(([name, show]) => { const shown = ledgers.map(show); return <tr key={name} data-differ={shown[0] !== shown[1]}><th scope="row">{name}</th>{shown.map((x, i) => <td key={i}>{x}</td>)}</tr> })}</tbody>
      </table>
    </div>
  )
}

const ROWS: readonly (readonly [string, (l: Ledger) => string])[] = [
  ['Headers, now and at most', (l) => `${l.headers}, ${l.mostHeaders}`],
  ['Bytes of the packet', (l) => `${l.bytes} B`],
  ['Wrapping, now and at most', (l) => `${l.wrapping} B, ${l.mostWrapping} B`],
  ['Lookups of all kinds', (l) => String(l.lookups)],
  ['Crossings between kernel and program, both ends’ included', (l) => String(l.crossings)],
  ['Least room below an MTU', (l) => (l.room === null ? 'not sent yet' : `${l.room} B`)],
  ['The VPC saw', (l) => (l.vpcSaw === null ? 'nothing yet' : `${l.vpcSaw.src} → ${l.vpcSaw.dst}`)],
  ['Security groups tell apart', (l) => (l.vpcSaw === null ? 'nothing yet' : l.vpcSaw.pods ? 'the pods' : 'the nodes only')],
  ['Had to be right', (l) => `${l.needs.length} things${l.needs.length === 0 ? '' : `; last ${l.needs[l.needs.length - 1]}`}`],
]

/** The worlds one may be compared with. */
export function choicesFor(scenario: string): readonly string[] {
  return Object.keys(SCENARIOS).filter((s) => s !== scenario)
}
