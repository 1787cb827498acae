import type { Outline } from '#components/chapter/outline.ts'

/* Workshops, as far as the chapters have what they are made of. */

/** A scene of a workshop, as it is headed. */
export interface InScene {
  readonly page: string
  readonly heading: string
}
export interface Part {
  readonly minutes: number
  readonly does: string
  readonly scenes: readonly InScene[]
}
export interface Held {
  readonly id: string
  readonly title: string
  readonly minutes: number
  readonly parts: readonly Part[]
}

interface Planned {
  readonly id: string
  readonly title: string
  readonly parts: readonly {
    readonly minutes: number
    readonly scenes: readonly string[]
    readonly does: string
  }[]
}

/** A workshop of what there is: a part with a scene that is nowhere is left out, and takes no time. */
export function held(
  { id, title, parts }: Planned,
  chapters: readonly { readonly slug: string; readonly outline: Outline }[],
): Held {
  const there = new Map<string, string>(
    chapters.flatMap(({ slug, outline }) =>
      outline.scenes.map((s) => [`${slug}#${s.attributes['id']}`, s.heading] as const),
    ),
  )
  const found = parts
    .filter((p) => p.scenes.every((s) => there.has(s)))
    .map(({ minutes, does, scenes }) => ({
      minutes,
      does,
      scenes: scenes.map((s) => ({ page: `/${s.replace('#', '/#')}`, heading: there.get(s)! })),
    }))
  return { id, title, minutes: found.reduce((sum, p) => sum + p.minutes, 0), parts: found }
}
