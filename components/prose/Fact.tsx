import { fact } from '#lib/index.ts'
import { FIGURES } from '#components/words/en/figures.ts'
import { walkFor, type Named } from './walked.ts'
import css from './prose.module.css'

interface Props extends Named {
  /** What is counted of a walk. */
  readonly name?: string
  /** A number that no walk counts, by its name in components/words/en/figures.ts. */
  readonly of?: string
}

/** A number from the walk itself, or from its source, put in when the page is built: text cannot drift from either. */
export async function Fact({ name = '', of, ...named }: Props) {
  if (of !== undefined) {
    const figure = FIGURES[of]
    if (figure === undefined)
      throw new RangeError(`<Fact>: components/words/en/figures.ts has no ${of}`)
    return <span title={figure.source}>{figure.says}</span>
  }
  const { walk } = await walkFor('Fact', named)
  return <span className={css.fact}>{fact(walk, name)}</span>
}
