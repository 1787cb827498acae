import { loadConflist, netns, type Goal, type Unread } from '#lib/index.ts'
import { lampsOf, type Lamp } from '#components/goals/verdicts.ts'
import { rows } from '#components/hands/wrote.ts'
import { toggled, type Toggle } from './conflists.ts'

/* Pods that are made with a conflist, and what they come to. A file of its own: it comes when they are started. */

/** Rows that one plugin wrote in one place. */
interface Written {
  readonly who: string
  readonly where: string
  readonly rows: readonly string[]
}
/** What came of starting the pods. */
export type Started =
  | { readonly unread: Unread }
  | { readonly lamps: readonly Lamp[]; readonly written: readonly Written[] }

/** Pods made with a conflist, and goals held against them. */
export async function started(text: string, goals: readonly Goal[]): Promise<Started> {
  const { readConflist, nodesBy } = await loadConflist()
  const read = readConflist(text)
  if ('why' in read) return { unread: read }
  const t = nodesBy(read)
  const places = ['node-1', 'web-app-frontend-1']
  const wrote = ['bridge', 'portmap'].flatMap((who) =>
    places
      .map((where) => ({ who, where, rows: rows(t, netns(t, where)!, who) }))
      .filter((w) => w.rows.length > 0),
  )
  return { lamps: lampsOf(goals, t, t), written: wrote }
}

/** The goals that pods do not reach once something is taken out of a list, by their numbers; all of them where no pod starts. */
export async function darkOf({
  text,
  without,
  goals,
}: {
  readonly text: string
  readonly without: Toggle
  readonly goals: readonly Goal[]
}): Promise<readonly number[]> {
  const is = await started(toggled(text, without), goals)
  return goals.flatMap((_, i) => ('lamps' in is && is.lamps[i]!.lit === 'holds' ? [] : [i]))
}
