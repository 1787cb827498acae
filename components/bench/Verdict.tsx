import { bench as words } from '#components/words/bench.ts'
import { differing, verdictOf, type Chosen } from './talks.ts'
import css from './Bench.module.css'

/** What was written down of a talk. */
export function Records({ of: { talk, records } }: { readonly of: Chosen }) {
  const says = words().twins
  return (
    <ul className={css.line} aria-label={`${says.records}: ${talk.says}`}>
      {records.length === 0 ? <li>{says.none}</li> : records.map((r) => <li key={r}>{r}</li>)}
    </ul>
  )
}

/** Are they twins? */
export function Verdict({ of }: { readonly of: readonly (Chosen | null)[] }) {
  const says = words().twins
  const told = verdictOf(of)
  const [a, b] = of
  if (told === 'open' || a == null || b == null) return null
  if (told === 'one') return says.one
  if (told === 'nothing') return says.nothing
  if (told === 'differ') return says.differ(differing(a.records, b.records).join(', '))
  return (
    <>
      {says.same} <b data-good={told === 'found'}>{told === 'found' ? says.found : says.mine}</b>
    </>
  )
}
