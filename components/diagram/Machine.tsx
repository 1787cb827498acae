import { figure } from '#components/words/figure.ts'
import type { Column, Scene } from './layout/index.ts'
import { headsOf } from './layout/texts.ts'
import css from './Picture.module.css'

/** How wide and high the words at the line of the kernel are, each of the two. */
const WORDS = { w: 50, h: 18 } as const

/** Where in a column there is room for what stands above the line and what below it. */
export function wordsAt(scene: Scene, c: Column): number | null {
  const free = (x: number): boolean =>
    !scene.boxes.some(
      (b) =>
        Math.abs(b.x - x) < (b.w + WORDS.w) / 2 && Math.abs(b.y - c.kernelY) < b.h / 2 + WORDS.h,
    )
  const step = 8
  for (let x = WORDS.w / 2 + step; x < c.w - WORDS.w / 2; x += step)
    if (free(c.x + x)) return c.x + x
  return null
}

/** A machine: its name and address, and the line between what programs do and what the kernel does. */
export function Machine({
  column: c,
  words,
}: {
  readonly column: Column
  readonly words: number | null
}) {
  return (
    <>
      <rect
        x={c.x}
        y={c.y}
        width={c.w}
        height={c.h}
        rx="14"
        className={css.node}
        data-outside={c.outside}
      />
      {headsOf(c).map((t) => (
        <text
          key={t.anchor}
          x={t.x}
          y={t.y}
          textAnchor={t.anchor}
          className={t.mono ? css.mono : css.name}
        >
          {t.text}
        </text>
      ))}
      <line x1={c.x + 1} x2={c.x + c.w - 1} y1={c.kernelY} y2={c.kernelY} className={css.kernel} />
      {words !== null && (
        <>
          <text x={words} y={c.kernelY - 6} textAnchor="middle" className={css.note}>
            {figure().pods}
          </text>
          <text x={words} y={c.kernelY + 15} textAnchor="middle" className={css.note}>
            {figure().kernel}
          </text>
        </>
      )}
    </>
  )
}
