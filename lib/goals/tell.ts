import { goals } from './words.ts'
import type { FlowQuestion } from '#lib/worlds/cluster/resolve.ts'
import type { Counterexample } from './check.ts'
import type { Phrase } from '#lib/words/en/goals.ts'
import type { Predicate } from './goal.ts'
import type { Miss } from './predicates.ts'

/** Why a goal does not hold, in one sentence. */
export function told(c: Counterexample): string {
  if (c.kind === 'asked') return goals().asked(c.problem)
  if (c.kind === 'rows') return goals().rows(c.differ, c.most)
  const { predicate, wanted, is } = missInWords(c.miss)
  const missed: { readonly [P in Predicate]: (wanted: string, is: string | null) => string } =
    goals().missed
  const why =
    is !== null && c.miss.is?.[0] === 'answered-by'
      ? goals().elsewhere(is)
      : missed[predicate](wanted, is)
  return `${c.question.from} → ${c.question.to}: ${why}`
}

/** A miss with its phrases said. */
export function missInWords({ predicate, wanted, is }: Miss): {
  readonly predicate: Predicate
  readonly wanted: string
  readonly is: string | null
} {
  return { predicate, wanted: phrase(wanted), is: is === null ? null : phrase(is) }
}

function phrase(p: Phrase): string {
  if (typeof p === 'string') return p
  const [code, ...names] = p
  return (goals().phrases[code] as (...names: readonly string[]) => string)(...names)
}

/** How many of all goals hold. */
export function held(holding: number, all: number): string {
  return goals().held(holding, all)
}

/** The question as options of `packet-walk trace`, to see the walk that shows it. */
export function asOptions(q: FlowQuestion): string {
  const more = (['proto', 'sport', 'size', 'ttl', 'draw'] as const).flatMap((o) =>
    q[o] === undefined ? [] : [`--${o} ${q[o]}`],
  )
  return [`--from ${q.from}`, `--to ${q.to}`, ...more, ...(q.df === true ? ['--df'] : [])].join(' ')
}
