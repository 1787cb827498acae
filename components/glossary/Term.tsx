import { useId, type ReactNode } from 'react'
import { To } from '#components/site/To.tsx'
import prose from '#components/prose/prose.module.css'
import { termId, type Entry } from './glossary.ts'
import css from './Glossary.module.css'

interface Props {
  /** A word that was introduced before, by its name in addresses; left out, it is introduced here. */
  readonly of?: string
  readonly children?: ReactNode
}

/** A word used again: what it means appears beside it, for the pointer and for the keyboard, and is read to who listens. No script. */
function Again({ entry, children }: { readonly entry: Entry; readonly children?: ReactNode }) {
  const id = useId()
  return (
    <span className={css.again}>
      <To page={`/glossary/#${entry.id}`} aria-describedby={id}>
        {children}
      </To>
      <span role="tooltip" id={id}>
        {entry.says}
      </span>
    </span>
  )
}

/** The `<Term>` of chapters, over these words; of a word that is none of them the glossary tells. */
export function termOver(entries: readonly Entry[]) {
  const known = new Map(entries.map((e) => [e.id, e]))
  return function Term({ of, children }: Props) {
    if (of === undefined) return <dfn className={prose.term}>{children}</dfn>
    const entry = known.get(termId(of))
    if (entry === undefined) return <To page={`/glossary/#${of}`}>{children}</To>
    return <Again entry={entry}>{children}</Again>
  }
}
