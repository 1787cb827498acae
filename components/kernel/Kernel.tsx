'use client'
import { memo, useEffect, useRef, useState } from 'react'
import { badgeText, inRuns, runOf, SCENARIOS, type Summary } from '#lib/index.ts'
import type { Walked } from '#components/lab/lab.ts'
import { notLoaded } from '#components/save/take.ts'
import type CompareWalk from './Compared.tsx'
import css from './Kernel.module.css'

/** The list behind the line, with what compares: loaded when it is opened. */
function Behind(props: React.ComponentProps<typeof CompareWalk>) {
  const [Compared, setCompared] = useState<typeof CompareWalk | null>(null)
  const [away, setAway] = useState<string | null>(null)
  useEffect(() => {
    let wanted = true
    import('./Compared.tsx').then((m) => { if (wanted) setCompared(() => m.default) }, () => { if (wanted) setAway(notLoaded()) })
    return () => { wanted = false }
  }, [])
  if (Compared !== null) return <Compared {...props} />
  return <p>{away === null ? 'Reading the capture…' : `What compares is missing: ${away}.`}</p>
}

const summaries = new Map<string, Promise<Summary | null>>()
/** What was recorded of a world, in short; null if the file does not come. */
function summaryOf(world: string): Promise<Summary | null> {
  const known = summaries.get(world)
  if (known !== undefined) return known
  const asked = fetch(`/kernel/summary/${world}.json`).then((r) => (r.ok ? r.json() as Promise<Summary> : null)).catch(() => null)
  summaries.set(world, asked)
  // Offline now need not be offline later.
  asked.then((s) => { if (s === null) summaries.delete(world) }, () => {})
  return asked
}

/** Why there is no recording, short and long. */
const UNASKED = {
  yours: ['this network is yours', 'Every world of this site was recorded, with each of its what-ifs. What you change yourself was not.'],
  together: ['more than one what-if', 'Each what-if was recorded alone, not two together.'],
  drawn: ['you drew again', 'A flow was recorded with one draw, not with all.'],
} as const

/** Whether Linux did the same: the recorded run of this world, flow and what-if. */
export const Kernel = memo(function Kernel({ now, whatIfs, edits, drawn }: { readonly now: Walked; readonly whatIfs: readonly string[]; readonly edits: number; readonly drawn: boolean }) {
  const at = runOf(SCENARIOS, now.scenario, now.flow, whatIfs, edits)
  const world = at === null ? null : now.scenario.id
  const [summary, setSummary] = useState<Summary | null>(null)
  const [away, setAway] = useState(false)
  const [open, setOpen] = useState(false)
  const line = useRef<HTMLDetailsElement>(null)
  /** What nobody sees yet is not asked for. */
  const [near, setNear] = useState(false)
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => { if (seen.some((x) => x.isIntersecting)) { setNear(true); watch.disconnect() } })
    watch.observe(line.current!)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    if (world === null || !near) return
    let wanted = true
    const ask = (): void => { summaryOf(world).then((s) => { if (wanted) { setSummary(s); setAway(s === null) } }, () => {}) }
    ask()
    addEventListener('online', ask)
    return () => { wanted = false; removeEventListener('online', ask) }
  }, [world, near])
  const told = at === null || summary?.world !== world ? null : inRuns(summary.runs, at)
  const [short, long] = UNASKED[drawn ? 'drawn' : edits === 0 && whatIfs.length > 1 ? 'together' : 'yours']
  const text = at === null ? `Not compared with Linux: ${short}` : told === null || summary === null ? (away ? `Compared with Linux, but the record is missing: ${notLoaded()}` : 'Compared with Linux') : badgeText(summary.kernel, told) ?? 'Linux was not asked'
  return (
    <details ref={line} className={css.kernel} data-kernel={at === null ? 'none' : told?.verdict ?? 'asked'} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{text}</summary>
      {open && (at === null
        ? <p>{long} On a Linux machine, as root, <code>npx packet-walk verify</code> builds any world, cluster file or what-if in network namespaces and compares it frame by frame.</p>
        : <Behind key={`${world} ${at.flow} ${at.whatIf}`} walk={now.walk} world={now.scenario.id} at={at} />)}
    </details>
  )
})
