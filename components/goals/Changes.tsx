import { useCallback, useSyncExternalStore } from 'react'
import { figureOf, watch } from '#components/figure/registry.ts'
import { exercises as words } from '#components/words/exercises.ts'
import css from './Goals.module.css'

/** Changes of the world, each to be made and taken back where its effect is seen. */
export function Changes({
  figure,
  of,
}: {
  readonly figure: string
  readonly of: readonly (readonly [whatIf: string, title: string])[]
}) {
  const made = useSyncExternalStore(
    useCallback((changed: () => void) => watch(figure, changed), [figure]),
    () => figureOf(figure)?.made() ?? NONE,
    () => NONE,
  )
  return (
    <div className={css.changes} role="group" aria-label={words().change}>
      {of.map(([id, title]) => (
        <button
          key={id}
          type="button"
          aria-pressed={made.includes(id)}
          data-change={id}
          onClick={() => figureOf(figure)?.change(id)}
        >
          {title}
        </button>
      ))}
    </div>
  )
}

const NONE: readonly string[] = []
