import { bench } from '#components/words/en/bench.ts'
import { goalsOf } from '#components/goals/author.ts'
import { recorded } from '#components/hands/recorded.ts'
import { written } from './conflists.ts'
import { Gate } from './Gate.tsx'

interface Props {
  readonly id: string
  /** A file of content/hands: whose network it is. */
  readonly of: string
  /** A file of content/goals, which the pods are held to. */
  readonly file: string
  readonly figure?: string
}

/** A conflist to be written: it begins with the name and the version of one that was recorded, and an empty list. */
export function Conflist({ id, of, file, figure = '' }: Props) {
  const { name, cniVersion } = recorded(of).conflist as Readonly<Record<string, unknown>>
  const text = written({ name, cniVersion, plugins: [] })
  return (
    <>
      <Gate kind="conflist" figure={figure} given={{ id, text, goals: goalsOf({ file }) }} />
      <noscript>
        <pre tabIndex={0} aria-label={bench.conflist.asks}>
          {text}
        </pre>
      </noscript>
    </>
  )
}
