import type { Observers } from '#components/observers/Observers.tsx'
import { useLate } from '#components/site/late.ts'
import { controls } from '#components/words/controls.ts'

const observers = (): Promise<typeof Observers> =>
  import('#components/observers/Observers.tsx').then((m) => m.Observers)

/** What prints as tcpdump, flow logs and pwru do is loaded when somebody looks. */
export function SeenBy(props: React.ComponentProps<typeof Observers>) {
  const { part: Seen, away } = useLate(observers)
  if (Seen !== null) return <Seen {...props} />
  return <p>{away === null ? controls().looking : controls().printsMissing(away)}</p>
}
