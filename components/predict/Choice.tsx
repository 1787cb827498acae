import type { KeyboardEvent } from 'react'
import { predict as words } from '#components/words/predict.ts'
import css from './Predict.module.css'

interface Props {
  readonly n: number
  readonly says: string
  /** As a tool prints it. */
  readonly code: boolean
  /** What it turned out to be; null as long as nobody answered. */
  readonly mark: 'right' | 'wrong' | null
  readonly guessed: boolean
  readonly open: boolean
  readonly press: () => void
  readonly keys: (e: KeyboardEvent) => void
}

/** One answer to press. It stays where it is when it was: whoever pressed it is still there. */
export function Choice({ n, says, code, mark, guessed, open, press, keys }: Props) {
  return (
    <li>
      <button
        type="button"
        className={css.option}
        aria-pressed={guessed}
        aria-disabled={!open}
        data-mark={mark ?? undefined}
        onKeyDown={keys}
        onClick={() => {
          if (open) press()
        }}
      >
        <kbd aria-hidden="true">
          {mark === 'right' ? '✓' : mark === 'wrong' && guessed ? '✗' : n}
        </kbd>
        {code ? <code translate="no">{says}</code> : <span>{says}</span>}
        {guessed && <em>{words().guessed}</em>}
      </button>
    </li>
  )
}
