import { pages } from '#components/words/pages.ts'
import type { Cost as Counted } from './cost.ts'
import css from './Home.module.css'

/** What a trip costs, and what AWS sees of it. */
export function Cost({ of }: { readonly of: Counted }) {
  const says = pages()
  return (
    <dl className={css.cost}>
      <div data-cost="bytes">
        <dd>{says.bytes(of.bytes)}</dd>
        <dt>{says.bytesFor(of.own)}</dt>
      </div>
      <div data-cost="lookups">
        <dd>{of.lookups}</dd>
        <dt>{says.lookups}</dt>
      </div>
      <div data-cost="crossings">
        <dd>{of.crossings}</dd>
        <dt>{says.crossings}</dt>
      </div>
      <div data-cost="sees">
        <dd data-sees={of.sees}>{says.sees[of.sees]}</dd>
        <dt>{says.seen}</dt>
      </div>
    </dl>
  )
}
