import { Gate } from './Gate.tsx'
import { pilesOf } from './piles.ts'

interface Props {
  readonly id: string
  /** A file of content/piles. */
  readonly of: string
  readonly figure?: string
}

/** Statements to be put on piles. Without scripts they stand there as they belong, closed. */
export function Piles({ id, of, figure = '' }: Props) {
  const { piles, statements } = pilesOf(of)
  return (
    <>
      <Gate kind="piles" figure={figure} given={{ id, piles, statements }} />
      <noscript>
        {Object.entries(piles).map(([name, called]) => (
          <details key={name}>
            <summary>{called}</summary>
            <ul>
              {statements
                .filter((s) => s.pile === name)
                .map((s) => (
                  <li key={s.say}>
                    {s.say} {s.source}
                  </li>
                ))}
            </ul>
          </details>
        ))}
      </noscript>
    </>
  )
}
