import {
  flowLog,
  loadWorld,
  netns,
  resolveFlow,
  TALKED,
  walk,
  addressOf,
  type Flow,
} from '#lib/index.ts'
import { brief } from '#components/diagram/layout/names.ts'

/* Talks of two pods, and the records that AWS has of them. */

export interface Talk {
  readonly id: string
  /** The two pods: who began is in no record. */
  readonly ends: readonly [from: string, to: string]
  readonly flow: Flow
  /** `frontend-1 → backend-2, TCP 8080`. */
  readonly says: string
}

export type Field = (typeof TALKED)[number]

/** Every pod of a world with every other, by TCP and by ping. */
export async function talksOf(world: string): Promise<readonly Talk[]> {
  const { topology: t } = (await loadWorld(world))!
  const pods = t.source.names.filter((n) => netns(t, n)?.role === 'pod')
  const address = (name: string): Flow['to'] | undefined =>
    netns(t, name)!
      .devs.flatMap((d) => d.addrs)
      .map(addressOf)
      .find((a) => !a.startsWith('127.'))
  return pods.flatMap((from) =>
    pods.flatMap((peer): Talk[] => {
      const to = address(peer)
      if (peer === from || to === undefined) return []
      return (['tcp', 'icmp'] as const).map((proto) => ({
        id: `${from} ${peer} ${proto}`,
        ends: [from, peer],
        flow: resolveFlow(t, { from, to: proto === 'tcp' ? `${to}:8080` : to }),
        says: `${brief(from)} → ${brief(peer)}, ${proto === 'tcp' ? 'TCP 8080' : 'ping'}`,
      }))
    }),
  )
}

/** The records of a talk, its fields as AWS writes them, one text each; each once. */
export async function recordsOf(world: string, { flow }: Talk): Promise<readonly string[]> {
  const { topology } = (await loadWorld(world))!
  const lines = flowLog(walk(topology, flow)).map((r) => TALKED.map((f) => r[f]).join(' '))
  return [...new Set(lines)]
}

/** Has one of them begun both, or have the same two talked? */
export const sameEnds = ({ ends: [a, to] }: Talk, { ends: [b, too] }: Talk): boolean =>
  a === b || (a === too && b === to)

/** In which fields two talks' records are others, by their names. */
export function differing(a: readonly string[], b: readonly string[]): readonly Field[] {
  const rest = (x: readonly string[], y: readonly string[]): readonly string[] =>
    x.filter((line) => !y.includes(line))
  const [mine, theirs] = [rest(a, b), rest(b, a)]
  const split = (lines: readonly string[]) => lines.map((l) => l.split(' '))
  return TALKED.filter((_, i) => {
    const of = (lines: readonly string[]) =>
      [...new Set(split(lines).map((l) => l[i] ?? ''))].toSorted((x, y) => (x < y ? -1 : 1)).join()
    return of(mine) !== of(theirs)
  })
}

/** A talk that was chosen, and what was written down of it. */
export interface Chosen {
  readonly talk: Talk
  readonly records: readonly string[]
}

/** What two of them come to. */
export type Told = 'open' | 'one' | 'differ' | 'mine' | 'nothing' | 'found'

/** What two talks come to. */
export function verdictOf([a = null, b = null]: readonly (Chosen | null)[]): Told {
  if (a === null || b === null) return 'open'
  if (a.talk.id === b.talk.id) return 'one'
  if (a.records.length === 0 || b.records.length === 0) return 'nothing'
  if (differing(a.records, b.records).length > 0) return 'differ'
  return sameEnds(a.talk, b.talk) ? 'mine' : 'found'
}
