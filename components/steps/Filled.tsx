import { useEffect, useRef, type KeyboardEvent } from 'react'
import { exercises as words } from '#components/words/exercises.ts'
import { isDone, type Filling } from './forms.ts'
import type { Leg } from './legs.ts'
import css from './Steps.module.css'

interface Props {
  readonly filling: Filling
  readonly give: (option: number | null) => void
  /** The stage shows a step while the reader is at it. */
  readonly look: (key: string | null) => void
}

/** The walk as far as it is filled, and the place that is asked about. */
export function Filled({ filling, give, look }: Props) {
  const { legs, said } = filling
  const first = useRef<HTMLButtonElement>(null)
  // Who answers by keys goes on by keys.
  useEffect(() => first.current?.focus({ preventScroll: true }), [said.length])
  const says = words()
  const open = legs[said.length]
  const right = said.filter((x, i) => x !== null && x === legs[i]!.right).length
  const guesses = said.filter((x) => x !== null).length
  const keys = (e: KeyboardEvent): void => {
    const n = Number(e.key) - 1
    if (e.ctrlKey || e.metaKey || e.altKey || open === undefined) return
    if (e.key !== 'Escape' && open.options[n] === undefined) return
    e.preventDefault()
    e.stopPropagation()
    give(e.key === 'Escape' ? null : n)
  }
  return (
    <>
      <ol className={css.way}>
        {said.map((guess, i) => {
          const leg = legs[i]!
          const mark = guess === null ? null : guess === leg.right ? 'right' : 'wrong'
          return (
            <li
              key={leg.key}
              data-mark={mark}
              onPointerEnter={() => look(leg.key)}
              onPointerLeave={() => look(null)}
            >
              <b translate="no">{leg.from}</b> {leg.said}{' '}
              <span>{mark === null ? says.goesTo(leg.to) : guessedOf(leg, mark, guess!)}</span>
            </li>
          )
        })}
      </ol>
      {open !== undefined && (
        <div className={css.asked} role="group" aria-label={asksOf(open)} data-leg={said.length}>
          <p>{asksOf(open)}</p>
          {open.options.map((place, n) => (
            <button
              key={place}
              ref={n === 0 ? first : undefined}
              type="button"
              onClick={() => give(n)}
              onKeyDown={keys}
            >
              <kbd aria-hidden="true">{n + 1}</kbd>{' '}
              <span translate="no" data-mono={open.asks !== 'place'}>
                {place}
              </span>
            </button>
          ))}
        </div>
      )}
      <p role="status">{isDone(filling) && guesses > 0 ? says.filled(right, guesses) : ''}</p>
    </>
  )
}

const asksOf = ({ asks, from }: Leg): string =>
  asks === 'place' ? words().whereFrom(from) : words().whichRow(from, asks)

/** What became of a guess, and where the packet goes on to. */
function guessedOf(leg: Leg, mark: 'right' | 'wrong', guess: number): string {
  const [is, not] = [leg.options[leg.right]!, leg.options[guess]!]
  return leg.asks === 'place'
    ? words().guessed(mark, is, not)
    : `${words().rowGuessed(mark, is, not)} ${words().goesTo(leg.to)}`
}
