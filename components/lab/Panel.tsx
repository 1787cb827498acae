'use client'
import { memo, useId } from 'react'
import { refsOf, space, tableAsTool, type Step, type TableName, type Topology, type Walk } from '#lib/index.ts'
import { whereOf } from '#components/diagram/place.ts'
import { Observers } from '#components/observers/Observers.tsx'
import { Bytes } from '#components/packet/Bytes.tsx'
import { Why, type Question } from '#components/why/Why.tsx'
import css from './Lab.module.css'

export const TABS = ['Why', 'Bytes', 'Tables', 'Seen by'] as const
export type Tab = (typeof TABS)[number]

interface Props {
  readonly walk: Walk; readonly step: Step; readonly before: Step | undefined; readonly topology: Topology; readonly tab: Tab; readonly setTab: (t: Tab) => void
  /** The namespace whose tables are shown, when it is not the packet's. */
  readonly look: string | null
  readonly questions: readonly Question[]
  /** Whether the names of the stages are told: a story does without. */
  readonly codes: boolean
}

/** Beside the picture: why, the bytes, the tables, who sees what. */
export const Panel = memo(function Panel({ walk, step, before, topology, tab, setTab, look, questions, codes }: Props) {
  const id = useId()
  const tabId = (t: Tab): string => `${id}-${t.replace(' ', '-')}`
  const turn = (i: number, e: React.KeyboardEvent): void => {
    const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
    if (d === 0) return
    e.preventDefault()
    e.stopPropagation()
    const next = TABS[(i + d + TABS.length) % TABS.length]!
    setTab(next)
    document.getElementById(tabId(next))?.focus()
  }
  return (
    <div className={css.panel}>
      <div role="tablist" aria-label="About this step" className={css.tabs}>
        {TABS.map((t, i) => <button key={t} type="button" role="tab" id={tabId(t)} aria-selected={tab === t} aria-controls={`${id}-panel`} tabIndex={tab === t ? 0 : -1} onClick={() => setTab(t)} onKeyDown={(e) => turn(i, e)}>{t}</button>)}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={tabId(tab)} className={css.body} tabIndex={0}>
        {!(tab === 'Tables' && look !== null) && <p className={css.place}><b>{step.in}</b>{whereOf(step)} {codes && <span>{step.stage}</span>}</p>}
        {tab === 'Why' && <Why step={step} topology={topology} questions={questions} />}
        {tab === 'Bytes' && <Bytes packet={step.packet} before={before?.message === step.message ? before.packet : null} />}
        {tab === 'Tables' && <Tables name={look ?? step.in} asked={look === null ? tableOf(step) : 'routes'} here={look === null} topology={topology} />}
        {tab === 'Seen by' && <Observers walk={walk} step={step} />}
      </div>
    </div>
  )
})

/** The table that was asked at a step. */
function tableOf(step: Step): TableName | null {
  const { matched, rejected } = refsOf(step.decision)
  return (matched ?? rejected[0])?.table ?? null
}

const LINUX: readonly TableName[] = ['routes', 'rules', 'neigh', 'fdb', 'netfilter', 'conntrack', 'devs', 'sockets', 'sysctls', 'leases']
const CLOUD: readonly TableName[] = ['enis', 'sgRules', 'aclRules', 'vpcRoutes', 'subnets', 'sgFlows']

/** Every table of one namespace, or of the VPC, as its tool prints it; the one that was asked is open. */
function Tables({ name, asked, here, topology }: { readonly name: string; readonly asked: TableName | null; readonly here: boolean; readonly topology: Topology }) {
  const s = space(topology, name)
  if (s === undefined) return null
  const tables = (s.kind === 'vpc' ? CLOUD : LINUX).map((t) => ({ t, ...tableAsTool(s, t) })).filter((x) => x.lines.length > 0)
  return (
    <>
      {!here && <p className={css.place}><b>{name}</b>: its tables at this step</p>}
      {tables.map(({ t, command, lines, note }) => <details key={t === asked ? `${t}, asked` : t} className={css.tool} open={t === asked ? true : undefined}><summary><code>{command}</code>{note === undefined ? '' : ` (${note})`}</summary><pre tabIndex={0}>{lines.slice(0, 200).map((l) => l.text).join('\n')}</pre></details>)}
    </>
  )
}
