import { exercises as words } from '#components/words/exercises.ts'
import type { Leg } from './legs.ts'

/** The walk for whoever reads without scripts: closed, as it is an answer. */
export function Unscripted({ legs }: { readonly legs: readonly Leg[] }) {
  return (
    <noscript>
      <details>
        <summary>{words().form('whole')}</summary>
        <ol>
          {legs.map((l) => (
            <li key={l.key}>
              {l.from}: {l.said}
            </li>
          ))}
        </ol>
      </details>
    </noscript>
  )
}
