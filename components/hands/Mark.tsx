'use client'
import { useId, useState, type ReactNode } from 'react'
import { keep } from '#components/predict/kept.ts'
import css from './Hands.module.css'

interface Props {
  readonly id: string
  readonly words: {
    readonly asks: string
    readonly run: string
    readonly stays: string
    readonly goes: string
    readonly of: string
    readonly answer: string
  }
  readonly stays: readonly boolean[]
  readonly hands: readonly string[]
  readonly rows: readonly ReactNode[]
  readonly children?: ReactNode
}

/** Rows to be marked, and then what becomes of each. */
export function Mark({ id, words, stays, hands, rows, children }: Props) {
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set())
  const [over, setOver] = useState(false)
  const name = useId()
  const right = stays.filter((s, i) => s === marked.has(i)).length
  const toggle = (i: number) => () => {
    if (over) return
    const now = new Set(marked)
    if (!now.delete(i)) now.add(i)
    setMarked(now)
  }
  const run = (): void => {
    if (over) return
    setOver(true)
    keep(id, right === stays.length ? 'right' : 'wrong')
  }
  return (
    <div className={css.mark} role="group" aria-labelledby={name} data-survives={over}>
      <p id={name}>{words.asks}</p>
      <ul>
        {rows.map((row, i) => (
          <li key={i}>
            <label
              data-hand={hands[i]}
              data-mark={over ? (stays[i] === marked.has(i) ? 'right' : 'wrong') : undefined}
            >
              <input
                type="checkbox"
                checked={marked.has(i)}
                aria-disabled={over}
                onChange={toggle(i)}
              />
              <span className={css.row}>{row}</span>
              {over && <b>{stays[i] === true ? words.stays : words.goes}</b>}
            </label>
          </li>
        ))}
      </ul>
      <button type="button" aria-disabled={over} onClick={run}>
        {words.run}
      </button>
      <p role="status">
        {over && words.of.replace('#', String(right)).replace('#', String(stays.length))}
      </p>
      {over ? (
        children
      ) : (
        <details className={css.unscripted}>
          <summary>{words.answer}</summary>
          {children}
        </details>
      )}
    </div>
  )
}
