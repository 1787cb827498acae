import { fact } from '#lib/index.ts'
import { walkFor, type Named } from './walked.ts'
import css from './prose.module.css'

/** A number from the walk itself, put in when the page is built: text cannot drift from the engine. */
export async function Fact({ name, ...named }: Named & { readonly name: string }) {
  const { walk } = await walkFor('Fact', named)
  return <span className={css.fact}>{fact(walk, name)}</span>
}
