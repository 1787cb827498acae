'use client'
import { useEffect, useMemo, useReducer, useState } from 'react'
import { Lab } from '#components/lab/Lab.tsx'
import { apply, ClusterError, clusterOf, command, resolveFlow, SCENARIOS, space, tableAsTool, type Edit, type Scenario, type TableName, type Topology } from '#lib/index.ts'
import { clusterText, clusterValue, fromLink, MOST, START, toLink, type Box } from './state.ts'
import css from './Sandbox.module.css'

interface History { readonly now: Box; readonly past: readonly Box[]; readonly future: readonly Box[] }
type Action = { readonly do: 'change'; readonly box: Box } | { readonly do: 'undo' | 'redo' } | { readonly do: 'load'; readonly box: Box }

function step(h: History, a: Action): History {
  if (a.do === 'load') return { now: a.box, past: [], future: [] }
  if (a.do === 'change') return { now: a.box, past: [...h.past, h.now].slice(-100), future: [] }
  const from = a.do === 'undo' ? h.past : h.future
  const to = a.do === 'undo' ? from[from.length - 1] : from[0]
  if (to === undefined) return h
  return a.do === 'undo' ? { now: to, past: h.past.slice(0, -1), future: [h.now, ...h.future] } : { now: to, past: [...h.past, h.now], future: h.future.slice(1) }
}

const LINUX: readonly TableName[] = ['routes', 'neigh', 'fdb', 'netfilter', 'rules', 'devs', 'daemons', 'leases', 'sysctls', 'sockets']
const CLOUD: readonly TableName[] = ['sgRules', 'enis', 'vpcRoutes', 'aclRules']

interface Built { readonly scenario: Scenario | null; readonly topology: Topology | null; readonly problem: string | null; readonly edits: readonly Edit[] }

function build(b: Box): Built {
  try {
    const base = clusterOf(clusterValue(b))
    let topology = base.topology
    const kept: Edit[] = []
    let problem: string | null = null
    for (const e of b.edits) { try { topology = apply(topology, e); kept.push(e) } catch (error) { problem = `left out: ${command(e)} (${error instanceof Error ? error.message : ''})` } }
    const tcp = resolveFlow(topology, { from: b.from, to: `${b.to}:${b.to === 'internet' ? 443 : 8080}` })
    const ping = resolveFlow(topology, { from: b.from, to: b.to })
    const big = resolveFlow(topology, { from: b.from, to: b.to, size: 1472, df: true })
    return { scenario: { ...base, id: b.network, title: `${b.network}, ${b.nodes} nodes`, topology, flows: { ping, tcp, big }, whatIfs: {}, leavesOut: SCENARIOS[b.network]?.leavesOut ?? [] }, topology, problem, edits: kept }
  } catch (error) {
    return { scenario: null, topology: null, edits: [], problem: error instanceof ClusterError ? error.problems.map((p) => `${p.path}: ${p.message}`).join('; ') : error instanceof Error ? error.message : String(error) }
  }
}

/** A network of the reader's own: everything is a row, and every row can go. */
export function Sandbox() {
  const [h, dispatch] = useReducer(step, { now: START, past: [], future: [] })
  const [notice, setNotice] = useState<string | null>(null)
  const [where, setWhere] = useState('node-1')
  const [table, setTable] = useState<TableName>('routes')
  const [ready, setReady] = useState(false)
  const b = h.now
  const built = useMemo(() => build(b), [b])
  useEffect(() => {
    const l = fromLink(location.hash)
    if (l !== null) { dispatch({ do: 'load', box: l.box }); setNotice(l.notice) }
    setReady(true)
  }, [])
  useEffect(() => { if (ready) history.replaceState(null, '', b === START ? location.pathname : toLink(b)) }, [b, ready])
  const change = (to: Partial<Box>): void => dispatch({ do: 'change', box: { ...b, ...to } })
  const names = built.topology?.source.names ?? []
  const ends = names.filter((n) => n !== 'vpc')
  const there = built.topology === null ? undefined : space(built.topology, names.includes(where) ? where : names[0] ?? '')
  const tables = there?.kind === 'vpc' ? CLOUD : LINUX
  const shown = tables.includes(table) ? table : tables[0]!
  const output = there === undefined ? null : tableAsTool(there, shown)
  const rows = there === undefined ? [] : ((there as unknown as Record<string, readonly object[]>)[shown] ?? [])
  const remove = (row: number): void => { const r = rows[row]; if (there !== undefined && r !== undefined) change({ edits: [...b.edits, { op: 'del', in: there.name, table: shown, where: { ...r } } as Edit] }) }
  const reshape = (to: Partial<Box>): void => {
    const next = { ...b, ...to, edits: [] }
    const from = next.from.startsWith('pod') && !podExists(next, next.from) ? 'pod-1-1' : next.from
    const end = next.to.startsWith('pod') && !podExists(next, next.to) ? `pod-${Math.min(2, next.nodes)}-${Math.min(2, next.pods)}` : next.to
    dispatch({ do: 'change', box: { ...next, from, to: end } })
  }
  return (
    <div className={css.sandbox} onKeyDown={(e) => { if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'z' && !(e.target instanceof HTMLInputElement)) { e.preventDefault(); dispatch({ do: e.shiftKey ? 'redo' : 'undo' }) } }}>
      {notice !== null && <p className={css.notice} role="status">{notice}</p>}
      <div className={css.controls}>
        <label>network <select value={b.network} onChange={(e) => reshape({ network: e.target.value })}>{Object.keys(SCENARIOS).map((n) => <option key={n}>{n}</option>)}</select></label>
        <label>nodes (1 to {MOST.nodes}) <input type="number" min={1} max={MOST.nodes} value={b.nodes} onChange={(e) => { const n = e.target.valueAsNumber; if (n >= 1 && n <= MOST.nodes) reshape({ nodes: Math.floor(n) }) }} /></label>
        <label>pods on each (1 to {MOST.pods}) <input type="number" min={1} max={MOST.pods} value={b.pods} onChange={(e) => { const n = e.target.valueAsNumber; if (n >= 1 && n <= MOST.pods) reshape({ pods: Math.floor(n) }) }} /></label>
        <label>MTU of the NICs <select value={b.mtu} onChange={(e) => change({ mtu: Number(e.target.value) })}>{[1400, 1500, 9001].map((m) => <option key={m}>{m}</option>)}</select></label>
        <label>from <select value={b.from} onChange={(e) => change({ from: e.target.value })}>{ends.map((n) => <option key={n}>{n}</option>)}</select></label>
        <label>to <select value={b.to} onChange={(e) => change({ to: e.target.value })}>{ends.map((n) => <option key={n}>{n}</option>)}</select></label>
        <button type="button" disabled={h.past.length === 0} onClick={() => dispatch({ do: 'undo' })}>Undo</button>
        <button type="button" disabled={h.future.length === 0} onClick={() => dispatch({ do: 'redo' })}>Redo</button>
        <button type="button" onClick={() => dispatch({ do: 'change', box: START })}>Start over</button>
      </div>
      {built.problem !== null && <p className={css.notice} role="alert">{built.problem}</p>}
      {built.scenario !== null && <Lab key={JSON.stringify(b)} id="walk" scenario={b.network} custom={built.scenario} flow="ping" />}
      <section className={css.rows} aria-label="Tables">
        <h2>Tables</h2>
        <div className={css.controls}>
          <label>in <select value={there?.name ?? ''} onChange={(e) => setWhere(e.target.value)}>{names.map((n) => <option key={n}>{n}</option>)}</select></label>
          <label>table <select value={shown} onChange={(e) => setTable(e.target.value as TableName)}>{tables.map((t) => <option key={t}>{t}</option>)}</select></label>
          <code>{output?.command}</code>{output?.note === undefined ? '' : ` (${output.note})`}
        </div>
        <ul>{output?.lines.map((l, i) => <li key={i}>{l.row === null || output.lines[i - 1]?.row === l.row ? <span className={css.gap} /> : <button type="button" aria-label={`Delete ${l.text}`} onClick={() => remove(l.row!)}>Delete</button>}<code>{l.text}</code>
          {shown === 'devs' && l.row !== null && <DevControls dev={rows[l.row] as { name: string; mtu: number; up: boolean }} set={(to) => change({ edits: [...b.edits, { op: 'set', in: there!.name, table: 'devs', where: { name: (rows[l.row!] as { name: string }).name }, to } as Edit] })} />}</li>)}</ul>
        {b.edits.length > 0 && <><h3>Changed</h3><ul>{b.edits.map((e, i) => <li key={i}><button type="button" aria-label={`Restore: ${command(e)}`} onClick={() => change({ edits: b.edits.filter((_, j) => j !== i) })}>Restore</button><code>{e.in}: {command(e)}</code></li>)}</ul></>}
        <details><summary>As a cluster file</summary><pre tabIndex={0}>{clusterText(b)}</pre></details>
      </section>
    </div>
  )
}

function podExists(b: Box, name: string): boolean {
  const m = /^pod-(\d+)-(\d+)$/.exec(name)
  return m === null || (Number(m[1]) <= b.nodes && Number(m[2]) <= b.pods)
}

function DevControls({ dev, set }: { readonly dev: { readonly name: string; readonly mtu: number; readonly up: boolean }; readonly set: (to: { mtu?: number; up?: boolean }) => void }) {
  return <span className={css.dev}><label>MTU <input type="number" min={576} max={65536} defaultValue={dev.mtu} onBlur={(e) => { const n = e.target.valueAsNumber; if (n >= 576 && n <= 65536 && n !== dev.mtu) set({ mtu: Math.floor(n) }) }} /></label><button type="button" onClick={() => set({ up: !dev.up })}>{dev.up ? 'Set down' : 'Set up'}</button></span>
}
