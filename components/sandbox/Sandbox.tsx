'use client'
import { useEffect, useMemo, useReducer, useState } from 'react'
import { Lab } from '#components/lab/Lab.tsx'
import { parts } from '#components/lab/fragment.ts'
import { space, tableAsTool, type TableName } from '#lib/index.ts'
import { endsOf, MOST, NETWORKS, START, withEnds, type Box } from './box.ts'
import { build, nameOf } from './build.ts'
import { File } from './File.tsx'
import { fromLink, toLink, WALK } from './link.ts'
import { Told } from './Told.tsx'
import css from './Sandbox.module.css'

/** `asRead`: as a link says it, changed by nobody yet: its address stays as it came. `heard`: how many links came into the open page. */
interface History {
  readonly now: Box; readonly past: readonly Box[]; readonly future: readonly Box[]
  readonly asRead: boolean; readonly notices: readonly string[]; readonly heard: number
}
type Action = { readonly do: 'change'; readonly box: Box } | { readonly do: 'undo' | 'redo' | 'noted' } | { readonly do: 'hear'; readonly hash: string }

const MOST_PAST = 100

function begin(hash: string): History {
  const l = fromLink(hash)
  return { now: l?.box ?? START, past: [], future: [], asRead: true, notices: l?.notices ?? [], heard: 0 }
}

function step(h: History, a: Action): History {
  const past = [...h.past, h.now].slice(-MOST_PAST)
  switch (a.do) {
    case 'change': return { ...h, now: a.box, past, future: [], asRead: false }
    case 'noted': return { ...h, notices: [] }
    // What stood here before is one step back.
    case 'hear': {
      const l = begin(a.hash)
      const same = JSON.stringify(l.now) === JSON.stringify(h.now)
      return { ...(same ? h : { ...l, past }), asRead: true, notices: l.notices, heard: h.heard + 1 }
    }
    case 'undo': {
      const to = h.past.at(-1)
      return to === undefined ? h : { ...h, now: to, past: h.past.slice(0, -1), future: [h.now, ...h.future], asRead: false }
    }
    case 'redo': {
      const to = h.future[0]
      return to === undefined ? h : { ...h, now: to, past, future: h.future.slice(1), asRead: false }
    }
  }
}

const LINUX: readonly TableName[] = ['routes', 'neigh', 'fdb', 'netfilter', 'rules', 'devs', 'daemons', 'leases', 'sysctls', 'sockets']
const CLOUD: readonly TableName[] = ['sgRules', 'enis', 'vpcRoutes', 'aclRules']
const MTUS = [1400, 1500, 9001]

/** A network of the reader's own: everything is a row, and every row can go. */
export function Sandbox() {
  const [born] = useState(() => location.hash)
  const [h, dispatch] = useReducer(step, born, begin)
  const [where, setWhere] = useState('node-1')
  const [table, setTable] = useState<TableName>('routes')
  const b = h.now
  const built = useMemo(() => build(b), [b])
  useEffect(() => {
    // A heading's anchor is no link to a sandbox.
    const hear = (): void => { if (parts(location.hash).every((p) => p.includes('='))) dispatch({ do: 'hear', hash: location.hash }) }
    // It may have changed while the page was put together.
    if (location.hash !== born) hear()
    addEventListener('hashchange', hear)
    return () => removeEventListener('hashchange', hear)
  }, [born])
  useEffect(() => {
    if (h.asRead) return
    const hash = toLink(location.hash, b)
    const bare = hash.replace(/^#sandbox=[^&]*&?/, '#').replace(/^#$/, '')
    history.replaceState(null, '', `${location.pathname}${location.search}${b === START ? bare : hash}`)
  }, [b, h.asRead])
  const change = (to: Partial<Box>): void => dispatch({ do: 'change', box: withEnds({ ...b, ...to }) })
  const topology = built.scenario.topology
  const names = topology.source.names
  const ends = endsOf(b)
  const there = space(topology, names.includes(where) ? where : names[0] ?? '')
  const tables = there?.kind === 'vpc' ? CLOUD : LINUX
  const shown = tables.includes(table) ? table : tables[0]!
  const output = there === undefined ? null : tableAsTool(there, shown)
  const rows = there === undefined ? [] : ((there as unknown as Record<string, readonly object[]>)[shown] ?? [])
  const add = (edit: object): void => { if (there !== undefined) change({ edits: [...b.edits, { ...edit, in: there.name, table: shown }] }) }
  const without = (gone: readonly number[]): void => change({ edits: b.edits.filter((_, i) => !gone.includes(i)) })
  return (
    <div className={css.sandbox} onKeyDown={(e) => { if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'z' && !(e.target instanceof HTMLInputElement || e.target instanceof HTMLTextAreaElement)) { e.preventDefault(); dispatch({ do: e.shiftKey ? 'redo' : 'undo' }) } }}>
      <Told notices={h.notices} noted={() => dispatch({ do: 'noted' })} built={built} without={without} />
      <div className={css.controls}>
        <label>network <select value={b.network} onChange={(e) => change({ network: e.target.value })}>{NETWORKS.map((n) => <option key={n}>{n}</option>)}</select></label>
        <label>nodes (1 to {MOST.nodes}) <input type="number" min={1} max={MOST.nodes} value={b.nodes} onChange={(e) => { const n = e.target.valueAsNumber; if (n >= 1 && n <= MOST.nodes) change({ nodes: Math.floor(n) }) }} /></label>
        <label>pods on each (1 to {MOST.pods}) <input type="number" min={1} max={MOST.pods} value={b.pods} onChange={(e) => { const n = e.target.valueAsNumber; if (n >= 1 && n <= MOST.pods) change({ pods: Math.floor(n) }) }} /></label>
        <label>MTU of the NICs <select value={b.mtu} onChange={(e) => change({ mtu: Number(e.target.value) })}>{[...new Set([...MTUS, b.mtu])].map((m) => <option key={m}>{m}</option>)}</select></label>
        <label>from <select value={b.from} onChange={(e) => change({ from: e.target.value })}>{ends.map((n) => <option key={n}>{n}</option>)}</select></label>
        <label>to <select value={b.to} onChange={(e) => change({ to: e.target.value })}>{ends.map((n) => <option key={n}>{n}</option>)}</select></label>
        <button type="button" disabled={h.past.length === 0} onClick={() => dispatch({ do: 'undo' })}>Undo</button>
        <button type="button" disabled={h.future.length === 0} onClick={() => dispatch({ do: 'redo' })}>Redo</button>
        <button type="button" onClick={() => dispatch({ do: 'change', box: START })}>Start over</button>
      </div>
      <Lab id={WALK} scenario={b.network} custom={built.scenario} flow="ping" heard={h.heard} />
      <section className={css.rows} aria-label="Tables">
        <h2>Tables</h2>
        <div className={css.controls}>
          <label>in <select value={there?.name ?? ''} onChange={(e) => setWhere(e.target.value)}>{names.map((n) => <option key={n}>{n}</option>)}</select></label>
          <label>table <select value={shown} onChange={(e) => setTable(e.target.value as TableName)}>{tables.map((t) => <option key={t}>{t}</option>)}</select></label>
          <code>{output?.command}</code>{output?.note === undefined ? '' : ` (${output.note})`}
        </div>
        <ul>{output?.lines.map((l, i) => <li key={i}>{l.row === null || output.lines[i - 1]?.row === l.row ? <span className={css.gap} /> : <button type="button" aria-label={`Delete ${l.text}`} onClick={() => add({ op: 'del', where: { ...rows[l.row!] } })}>Delete</button>}<code>{l.text}</code>
          {shown === 'devs' && l.row !== null && <DevControls dev={rows[l.row] as Device} set={(to) => add({ op: 'set', where: { name: (rows[l.row!] as Device).name }, to })} />}</li>)}</ul>
        {built.edits.length > 0 && <><h3>Changed</h3><ul>{built.edits.map(({ n, edit }) => <li key={n}><button type="button" aria-label={`Restore: ${nameOf(edit)}`} onClick={() => without([n])}>Restore</button><code>{nameOf(edit)}</code></li>)}</ul></>}
        <File box={b} built={built} />
      </section>
    </div>
  )
}

interface Device { readonly name: string; readonly mtu: number; readonly up: boolean }

function DevControls({ dev, set }: { readonly dev: Device; readonly set: (to: { mtu?: number; up?: boolean }) => void }) {
  return <span className={css.dev}><label>MTU <input key={dev.mtu} type="number" min={576} max={65536} defaultValue={dev.mtu} onBlur={(e) => { const n = e.target.valueAsNumber; if (n >= 576 && n <= 65536 && n !== dev.mtu) set({ mtu: Math.floor(n) }) }} /></label><button type="button" onClick={() => set({ up: !dev.up })}>{dev.up ? 'Set down' : 'Set up'}</button></span>
}
