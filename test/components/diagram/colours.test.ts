import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/* What the picture is drawn with, in each theme (WCAG 2.2: 1.4.3 for text, 1.4.11 for lines). */

const css = readFileSync(new URL('../../../app/globals.css', import.meta.url), 'utf8')

/** The variables of a block of rules that begins so. */
function block(begins: string): Record<string, string> {
  const from = css.indexOf(begins)
  expect(from, begins).toBeGreaterThan(-1)
  const rules = css.slice(from, css.indexOf('}', from))
  return Object.fromEntries(
    [...rules.matchAll(/--([a-z0-9-]+): ([^;]+);/g)].map((m): [string, string] => [m[1]!, m[2]!]),
  )
}
const light = block(':root {')
const THEMES = {
  light,
  dark: { ...light, ...block(":root[data-theme='dark'] {") },
  projector: { ...light, ...block(":root[data-theme='projector'] {") },
}

function colour(theme: Record<string, string>, name: string): readonly number[] {
  const value = theme[name] ?? ''
  const other = /^var\(--([a-z0-9-]+)\)$/.exec(value)?.[1]
  if (other !== undefined) return colour(theme, other)
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(value)?.[1]
  expect(hex, `--${name}: ${value}`).toBeDefined()
  const six = hex!.length === 3 ? hex!.replaceAll(/./g, (c) => c + c) : hex!
  return [0, 2, 4].map((i) => Number.parseInt(six.slice(i, i + 2), 16))
}
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((c) => {
    const s = c / 255
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
function contrast(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}
/** How much of its colour a slash of the hatching has. */
const SLASH = 0.62

/** Text, and what it stands on. */
const TEXT = [
  ['ink', ['paper', 'pod-soft', 'sunken', 'lit']],
  ['soft', ['paper', 'page', 'pod-soft', 'outer-soft', 'vpc-soft', 'lit']],
  ['pod', ['pod-soft']],
  ['outer', ['outer-soft', 'paper']],
  ['arp', ['paper']],
  ['vpc', ['vpc-soft', 'page', 'paper']],
  ['bad', ['page', 'paper']],
] as const
/** Lines, and what is beside them. */
const LINES = [
  ['edge', ['paper', 'page', 'vpc-soft']],
  ['pod', ['paper', 'page', 'vpc-soft', 'outer-soft', 'pod-soft']],
  ['outer', ['paper', 'page', 'vpc-soft', 'outer-soft']],
  ['vpc', ['paper', 'page', 'vpc-soft']],
  ['here', ['paper', 'page', 'vpc-soft']],
  ['focus', ['paper', 'page', 'vpc-soft']],
  ['bad', ['paper', 'page']],
] as const

describe.each(Object.entries(THEMES))('%s: the picture', (_, theme) => {
  it('has text of 4.5 to 1 on what it stands on', () => {
    for (const [name, grounds] of TEXT)
      for (const ground of grounds)
        expect(
          contrast(colour(theme, name), colour(theme, ground)),
          `--${name} on --${ground}`,
        ).toBeGreaterThanOrEqual(4.5)
  })
  it('has lines of 3 to 1 beside what they run through', () => {
    for (const [name, grounds] of LINES)
      for (const ground of grounds)
        expect(
          contrast(colour(theme, name), colour(theme, ground)),
          `--${name} on --${ground}`,
        ).toBeGreaterThanOrEqual(3)
    const [on, soft] = [colour(theme, 'vpc'), colour(theme, 'vpc-soft')]
    const slash = on.map((c, i) => c * SLASH + soft[i]! * (1 - SLASH))
    for (const ground of ['vpc-soft', 'paper'])
      expect(
        contrast(slash, colour(theme, ground)),
        `hatching on ${ground}`,
      ).toBeGreaterThanOrEqual(3)
  })
})
