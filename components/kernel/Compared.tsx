'use client'
import { useEffect, useMemo, useState } from 'react'
import { inRuns, judgeKept, kernelPcapng, rulesOf, shownIn, spaces, VPC_ASSUMES, type Kept, type Walk } from '#lib/index.ts'
import { download, notLoaded } from '#components/save/take.ts'
import css from './Kernel.module.css'

interface Props { readonly walk: Walk; readonly world: string; readonly at: { readonly flow: string; readonly whatIf: string } }

async function read(world: string): Promise<Kept | 'failed'> {
  const r = await fetch(`/kernel/${world}.json`)
  return r.ok ? await r.json() as Kept : 'failed'
}

/** The comparison itself, made anew here: the capture against the walk on the page. */
export default function Compared({ walk, world, at }: Props) {
  const [kept, setKept] = useState<Kept | 'failed' | null>(null)
  useEffect(() => {
    let wanted = true
    const done = (k: Kept | 'failed'): void => { if (wanted) setKept(k) }
    read(world).then(done, () => done('failed'))
    return () => { wanted = false }
  }, [world])
  const run = kept === null || kept === 'failed' ? null : inRuns(kept.runs, at)
  const verdict = useMemo(() => (kept === null || kept === 'failed' || run === null ? null : judgeKept(kept, run, walk)), [kept, run, walk])
  if (kept === null) return <p>Reading the capture…</p>
  if (kept === 'failed' || run === null || verdict === null) return <p>The capture is missing: {notLoaded()}.</p>
  const showing = 'lacks' in run ? null : shownIn(kept, run)
  const places = showing === null ? 0 : new Set(showing.frames.map((f) => `${f.in}/${f.dev}`)).size
  const save = (): void => { if (showing !== null) download(`${world}-${at.flow}${at.whatIf === '' ? '' : `-${at.whatIf}`}-linux.pcapng`, new Blob([kernelPcapng(walk, kept.kernel, showing.frames)], { type: 'application/x-pcapng' })) }
  const used = rulesOf(verdict.allowances)
  return (
    <div className={css.compared} data-compared={verdict.verdict}>
      <p>
        This flow was sent through Linux {kept.kernel} once, in a lab of network namespaces with the same tables. Your browser has just held that capture against the walk above: {verdict.frames} frames on {places} devices, in their order, every field and every byte of payload, and which drop counters moved.
        {verdict.verdict === 'agrees' ? ' All agree.' : verdict.verdict === 'differs' ? ` ${verdict.differences.length} differ:` : ''}
      </p>
      {verdict.differences.length > 0 && <ul>{verdict.differences.slice(0, 20).map((d) => <li key={d}>{d}</li>)}</ul>}
      {used.length > 0 && <><h4>What may differ, and why</h4><dl>{used.map(({ rule, count, text }) => <div key={rule}><dt>{rule}, {count} {count === 1 ? 'time' : 'times'}</dt><dd>{text}</dd></div>)}</dl></>}
      {verdict.notVerified.length > 0 && <><h4>What was not verified</h4><ul>{verdict.notVerified.map((x) => <li key={x}>{x}</li>)}</ul></>}
      {spaces(walk.before).some((s) => s.kind === 'vpc') && <><h4>The VPC was not Linux</h4><p>A small program stood in for it between the nodes. AWS does not publish how it works inside; the program takes this for granted:</p><ul>{VPC_ASSUMES.map((x) => <li key={x}>{x}</li>)}</ul></>}
      {showing !== null && <p><button type="button" onClick={save}>Save Linux’s capture (pcapng)</button></p>}
      <p>Ask your own kernel, as root: <code>npx packet-walk verify {world} --flow {at.flow}{at.whatIf === '' ? '' : ` --what-if ${at.whatIf}`}</code></p>
    </div>
  )
}
