import { parts } from '#components/figure/store/fragment.ts'

/** Which scene has what an old link named: the id of a figure that the chapter had, or of a heading. Written at the scene: `was="f2 the-old-heading"`. What another chapter had is written with it: `was="flannel#arp"`. */
export type Aliases = Readonly<Record<string, string>>

const figureOf = (part: string): string => part.split(/=|\.view=/)[0]!

/** An address as the chapter has it now: figures that it had are its stage, which shows the last one named; the scene that has an old heading is named in its place. */
export function renamed(hash: string, stage: string, was: Aliases): string {
  const all = parts(hash)
  const mine = (p: string): boolean =>
    p.includes('=') && (figureOf(p) === stage || Object.hasOwn(was, figureOf(p)))
  const last = all.findLast(mine)
  const shown = last === undefined ? null : figureOf(last)
  const kept = all.flatMap((p) => {
    if (!p.includes('=')) return [Object.hasOwn(was, p) ? was[p]! : p]
    if (!mine(p)) return [p]
    return figureOf(p) === shown ? [stage + p.slice(shown.length)] : []
  })
  // The scene that had the figure, unless the link says itself which.
  const scene = shown === null || shown === stage ? undefined : was[shown]
  const named = kept.some((p) => !p.includes('='))
  const whole = scene === undefined || named ? kept : [...kept, scene]
  return whole.length === 0 ? '' : `#${whole.join('&')}`
}

/** Where what an address names is now, if it went to another chapter; undefined if it did not. `moved`: scenes and headings that this chapter had, each with its address from here. */
export const gone = (hash: string, moved: Aliases): string | undefined =>
  parts(hash).flatMap((p) => (Object.hasOwn(moved, p) ? [moved[p]!] : []))[0]
