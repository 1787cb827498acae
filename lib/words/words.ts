import type { Entries } from '#lib/worlds/entries.ts'
import type { Said } from '#lib/worlds/said.ts'
import type { agree } from './en/agree.ts'
import type { cli } from './en/cli.ts'
import type { drops } from './en/drops.ts'
import type { explained } from './en/explain.ts'
import type { goals } from './en/goals.ts'
import type { labels } from './en/labels.ts'
import type { edits } from './en/problems/made.ts'
import type { problems } from './en/problems/index.ts'
import type { seen } from './en/seen.ts'
import type { story } from './en/story.ts'

/** What a language says of networks and walks. One that lacks a message is no value of this type, and then nothing is built. */
export interface Words {
  readonly explain: typeof explained
  readonly drops: typeof drops
  readonly goals: typeof goals
  readonly labels: typeof labels
  readonly edits: typeof edits
  readonly problems: typeof problems
  readonly agree: typeof agree
  readonly seen: typeof seen
  readonly worlds: { readonly [World in Entries as World['id']]: Said<World> }
}

/** What it says at a terminal only: no page loads it. */
export interface CliWords {
  readonly cli: typeof cli
  readonly story: typeof story
}
