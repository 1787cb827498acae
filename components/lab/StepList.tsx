'use client'
import { Fragment, memo, useEffect, useMemo, useRef, useState } from 'react'
import type { Step, Walk } from '#lib/index.ts'
import { whereOf } from '#components/diagram/place.ts'
import { saying, type Stop } from './stops.ts'
import css from './Lab.module.css'

interface Props { readonly walk: Walk; readonly stops: readonly Stop[]; readonly at: number; readonly most: number; readonly go: (step: number) => void }

/** The walk in words, in order: what stands behind the picture. ARP exchanges are folded. */
export const StepList = memo(function StepList({ walk, stops, at, most, go }: Props) {
  const groups = useMemo(() => groupsOf(walk, stops, most), [walk, stops, most])
  // The step stays in sight in the list, which scrolls by itself; the page does not. A list out of the window is not laid out for that.
  const list = useRef<HTMLOListElement>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (list.current === null) return
    const o = new IntersectionObserver((entries) => setSeen(entries.at(-1)!.isIntersecting))
    o.observe(list.current)
    return () => o.disconnect()
  }, [])
  useEffect(() => {
    const here = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (!seen || !list.current || !here) return
    const top = here.offsetTop - list.current.offsetTop
    if (top < list.current.scrollTop || top + here.offsetHeight > list.current.scrollTop + list.current.clientHeight) list.current.scrollTop = top - list.current.clientHeight / 3
  }, [at, seen])
  const item = (i: number): React.ReactNode => {
    const s = walk.steps[stops[i]!.step]!
    return <Item key={i} value={i + 1} walk={walk} step={s} here={i === at} go={go} />
  }
  return (
    <ol ref={list} className={css.list} data-long={groups.length > FILLS}>
      {groups.map((g) => <Fragment key={g.items[0]}>{g.arp && g.items.length > 1
        ? <li value={g.items[0]! + 1}><details open={g.items.includes(at) ? true : undefined}><summary>ARP: {walk.messages[walk.steps[stops[g.items[0]!]!.step]!.message]?.label} ({g.items.length} steps)</summary><ol>{g.items.map(item)}</ol></details></li>
        : g.items.map(item)}</Fragment>)}
      {stops.length > most && <li className={css.rest}>and {stops.length - most} more</li>}
    </ol>
  )
})

/** With more entries than this the list is as high as it may be, and scrolls: it need not be laid out to know its height. */
const FILLS = 11

interface Group { readonly arp: boolean; readonly items: number[] }

function groupsOf(walk: Walk, stops: readonly Stop[], most: number): readonly Group[] {
  const groups: Group[] = []
  stops.slice(0, most).forEach((s, i) => {
    const arp = walk.messages[walk.steps[s.step]!.message]?.kind === 'arp'
    const last = groups[groups.length - 1]
    if (last !== undefined && last.arp && arp) last.items.push(i)
    else groups.push({ arp, items: [i] })
  })
  return groups
}

interface ItemProps { readonly value: number; readonly walk: Walk; readonly step: Step; readonly here: boolean; readonly go: (step: number) => void }

/** Of a long list a step changes two. */
const Item = memo(function Item({ value, walk, step, here, go }: ItemProps) {
  return <li value={value}><button type="button" aria-current={here ? 'step' : undefined} onClick={() => go(step.n)}>{step.in}{whereOf(step)}: {saying(walk, step)}</button></li>
})
