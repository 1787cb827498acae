'use client'
import { Fragment, useEffect, useRef } from 'react'
import type { Walk } from '#lib/index.ts'
import type { Stop } from './stops.ts'
import css from './Lab.module.css'

interface Props { readonly walk: Walk; readonly stops: readonly Stop[]; readonly at: number; readonly most: number; readonly talk: (step: number) => string; readonly go: (at: number) => void }

/** The walk in words, in order: what stands behind the picture. ARP exchanges are folded. */
export function StepList({ walk, stops, at, most, talk, go }: Props) {
  const groups: { readonly arp: boolean; readonly items: number[] }[] = []
  stops.slice(0, most).forEach((s, i) => {
    const arp = walk.messages[walk.steps[s.step]!.message]?.kind === 'arp'
    const last = groups[groups.length - 1]
    if (last !== undefined && last.arp && arp) last.items.push(i)
    else groups.push({ arp, items: [i] })
  })
  // The step stays in sight in the list, which scrolls by itself; the page does not.
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const here = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (!list.current || !here) return
    const top = here.offsetTop - list.current.offsetTop
    if (top < list.current.scrollTop || top + here.offsetHeight > list.current.scrollTop + list.current.clientHeight) list.current.scrollTop = top - list.current.clientHeight / 3
  }, [at])
  const item = (i: number): React.ReactNode => {
    const s = walk.steps[stops[i]!.step]!
    return <li key={i} value={i + 1}><button type="button" aria-current={i === at ? 'step' : undefined} onClick={() => go(i)}>{s.in}{s.dev === null ? '' : ` / ${s.dev}`}: {talk(s.n)}</button></li>
  }
  return (
    <ol ref={list} className={css.list}>
      {groups.map((g) => <Fragment key={g.items[0]}>{g.arp && g.items.length > 1
        ? <li value={g.items[0]! + 1}><details open={g.items.includes(at) ? true : undefined}><summary>ARP: {walk.messages[walk.steps[stops[g.items[0]!]!.step]!.message]?.label} ({g.items.length} steps)</summary><ol>{g.items.map(item)}</ol></details></li>
        : g.items.map(item)}</Fragment>)}
      {stops.length > most && <li className={css.rest}>and {stops.length - most} more</li>}
    </ol>
  )
}
