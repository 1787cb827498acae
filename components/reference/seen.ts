import {
  encode,
  everyWorld,
  keys,
  walk,
  type Frame,
  type HeaderKind,
  type Scenario,
  type Walk,
} from '#lib/index.ts'
import { write } from '#components/figure/store/link.ts'

/* What happens in the worlds that ship, flow by flow: the reference takes its examples from there. */

/** A flow of a world as it ships, walked. */
export interface Seen {
  readonly world: Scenario
  readonly flow: string
  readonly walk: Walk
}

/** Every world, in a reader's order. */
export async function worlds(): Promise<readonly Scenario[]> {
  return Object.values((await everyWorld()).SCENARIOS)
}

let made: Promise<readonly Seen[]> | undefined
/** Every flow of every world, without a what-if. */
export function everySeen(): Promise<readonly Seen[]> {
  made ??= worlds().then((all) =>
    all.flatMap((world) =>
      Object.entries(world.flows).map(([flow, of]) => ({
        world,
        flow,
        walk: walk(world.topology, of),
      })),
    ),
  )
  return made
}

/** What a link to a walk names. */
export interface Place {
  readonly scenario: string
  readonly flow: string
  readonly whatIf?: string
  readonly key: string
}

/** The address of a walk's step, in a figure of its own. */
export function figureAt({ scenario, flow, whatIf, key }: Place): string {
  const shown = { scenario, flow, whatIfs: whatIf === undefined ? [] : [whatIf] }
  const view = { detail: 'kernel', against: null, draw: null } as const
  return `/embed/${scenario}/${write('', 'f', { ...shown, ...view, key })}`
}

/** A frame that carries a header of one kind: where it was seen, and its bytes. */
export interface Specimen {
  readonly seen: Seen
  readonly frame: Frame
  /** The number of the header in it. */
  readonly header: number
  readonly bytes: Uint8Array
  readonly key: string
}

/** The first frame with such a header of all flows of all worlds; null if none carries one. */
export async function specimen(kind: HeaderKind): Promise<Specimen | null> {
  for (const seen of await everySeen())
    for (const frame of seen.walk.frames) {
      const header = frame.packet.headers.findIndex((h) => h.kind === kind)
      if (header < 0) continue
      const bytes = encode(frame.packet)
      return { seen, frame, header, bytes, key: keys(seen.walk)[frame.step] ?? '' }
    }
  return null
}
