'use client'
import { useId, useState, type ReactNode } from 'react'
import { Choice } from '#components/predict/Choice.tsx'
import { keep } from '#components/predict/kept.ts'
import css from './Hands.module.css'
import options from '#components/predict/Predict.module.css'

interface Given {
  readonly address: string
  readonly free: boolean
}
interface Words {
  readonly asks: string
  readonly given: string
  readonly free: string
  readonly right: string
  readonly wrong: string
  readonly answer: string
}
interface Option {
  readonly address: string
  readonly right: boolean
  readonly why: string
}
interface Props {
  readonly id: string
  readonly given: readonly Given[]
  readonly words: Words
  readonly options: readonly Option[]
  readonly children?: ReactNode
}

/** Addresses that were given, and the next one to give. */
export function Give({ id, given, words, options: all, children }: Props) {
  const [guess, setGuess] = useState<number | null>(null)
  const name = useId()
  const open = guess === null
  const give = (n: number): void => {
    if (!open || all[n] === undefined) return
    setGuess(n)
    keep(id, all[n].right ? 'right' : 'wrong')
  }
  return (
    <div className={css.mark} role="group" aria-labelledby={name} data-lease={!open}>
      <ol className={css.given} aria-label={words.given}>
        {given.map(({ address, free }) => (
          <li key={address} data-free={free}>
            {address} {free && <small>{words.free}</small>}
          </li>
        ))}
      </ol>
      <p id={name}>{words.asks}</p>
      <ol className={options.options}>
        {all.map(({ address, right }, i) => (
          <Choice
            key={address}
            n={i + 1}
            says={address}
            code
            mark={open ? null : right ? 'right' : 'wrong'}
            guessed={guess === i}
            open={open}
            press={() => give(i)}
            keys={(e) => {
              const n = Number(e.key) - 1
              if (all[n] === undefined || e.ctrlKey || e.metaKey || e.altKey) return
              e.preventDefault()
              e.stopPropagation()
              give(n)
            }}
          />
        ))}
      </ol>
      <p role="status">
        {guess !== null && (
          <>
            <b>{all[guess]!.right ? words.right : words.wrong}</b> {all[guess]!.why}
          </>
        )}
      </p>
      {open ? (
        <details className={css.unscripted}>
          <summary>{words.answer}</summary>
          {children}
        </details>
      ) : (
        children
      )}
    </div>
  )
}
