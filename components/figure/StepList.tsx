'use client'
import { Fragment, memo, useEffect, useMemo, useRef, useState } from 'react'
import { labelOf, type Step, type Walk } from '#lib/index.ts'
import { whereOf } from '#components/diagram/place.ts'
import { controls } from '#components/words/controls.ts'
import type { FigureStore } from './store/figure.ts'
import { saying, type Stop } from './store/stops.ts'
import css from './Figure.module.css'

interface Props {
  readonly walk: Walk
  readonly stops: readonly Stop[]
  readonly at: number
  readonly most: number
  readonly dispatch: FigureStore['dispatch']
}

/** The walk in words, in order: what stands behind the picture. ARP exchanges are folded. */
export const StepList = memo(function StepList({ walk, stops, at, most, dispatch }: Props) {
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
    if (
      top < list.current.scrollTop ||
      top + here.offsetHeight > list.current.scrollTop + list.current.clientHeight
    )
      list.current.scrollTop = top - list.current.clientHeight / 3
  }, [at, seen])
  const item = (i: number): React.ReactNode => {
    const s = walk.steps[stops[i]!.step]!
    return <Item key={i} value={i + 1} walk={walk} step={s} here={i === at} dispatch={dispatch} />
  }
  return (
    <ol ref={list} className={css.list} data-long={groups.length > FILLS}>
      {groups.map((g) => (
        <Fragment key={g.items[0]}>
          {g.arp && g.items.length > 1 ? (
            <li value={g.items[0]! + 1}>
              <details open={g.items.includes(at) ? true : undefined}>
                <summary>{controls().arp(said(walk, stops[g.items[0]!]!), g.items.length)}</summary>
                <ol>{g.items.map(item)}</ol>
              </details>
            </li>
          ) : (
            g.items.map(item)
          )}
        </Fragment>
      ))}
      {stops.length > most && (
        <li className={css.rest}>{controls().andMore(stops.length - most)}</li>
      )}
    </ol>
  )
})

/** What the packet of a stop is called. */
const said = (walk: Walk, stop: Stop): string =>
  labelOf(walk.messages[walk.steps[stop.step]!.message]!)

/** With more entries than this the list is as high as it may be, and scrolls: it need not be laid out to know its height. */
const FILLS = 11

interface Group {
  readonly arp: boolean
  readonly items: number[]
}

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

interface ItemProps {
  readonly value: number
  readonly walk: Walk
  readonly step: Step
  readonly here: boolean
  readonly dispatch: FigureStore['dispatch']
}

/** Of a long list a step changes two. */
const Item = memo(function Item({ value, walk, step, here, dispatch }: ItemProps) {
  return (
    <li value={value}>
      <button
        type="button"
        aria-current={here ? 'step' : undefined}
        onClick={() => dispatch({ type: 'go', step: step.n })}
      >
        {step.in}
        {whereOf(step)}: {saying(walk, step)}
      </button>
    </li>
  )
})
