import { figure } from '#components/words/figure.ts'
import type { Card as Content } from './card.ts'
import type { Area } from './layout/index.ts'
import { brief, short } from './layout/names.ts'
import { waits } from './motion.ts'
import { INDENT, LINE, PAD, stackOf, type Placed } from './stack.ts'
import css from './Picture.module.css'

/** The packet in its envelopes, in the tray of the place where it is. `most` is how many packets are around the innermost one anywhere on this walk. */
export function Card({
  card,
  tray,
  most,
  lost,
  move,
}: {
  readonly card: Content
  readonly tray: Area
  readonly most: number
  readonly lost: boolean
  /** How long the packet is on its way. */
  readonly move: string | undefined
}) {
  const all = stackOf(card, { ...tray, x: 0, y: 0 }, most)
  const inner = all.at(-1)!
  const wraps = all.some((p) => p.envelope.fresh)
  return (
    <g
      className={css.card}
      style={{ transform: `translate(${tray.x}px, ${tray.y}px)`, ...waits(move) }}
      data-card=""
      data-lost={lost}
    >
      {card.begins !== null && (
        <text x={inner.x} y={inner.y - 6} className={css.caption}>
          {figure().newPacketFrom(short(brief(card.begins), 14))}
        </text>
      )}
      {all.map((p) => (
        <Around key={`${p.n}${p.ghost ? ' gone' : ''}`} placed={p} slides={wraps} />
      ))}
    </g>
  )
}

function Around({ placed: p, slides }: { readonly placed: Placed; readonly slides: boolean }) {
  const { envelope: e } = p
  return (
    <g
      className={css.envelope}
      data-kind={e.kind}
      data-fresh={e.fresh}
      data-ghost={p.ghost}
      data-slides={slides && !e.fresh}
    >
      <rect x={p.x} y={p.y} width={p.w} height={p.h} rx={p.n === 0 ? 6 : 9} />
      {e.lines.map((line, i) => (
        <text key={i} x={p.x + INDENT} y={p.y + PAD + 12 + i * LINE} className={css.line}>
          {line.map((t, k) => (
            <tspan key={k}>
              {t.pre}
              {t.was !== null && <tspan className={css.was}>{t.was}</tspan>}
              {t.was !== null && t.now !== '' && ' '}
              {t.changed ? <tspan className={css.now}>{t.now}</tspan> : t.now}
            </tspan>
          ))}
        </text>
      ))}
    </g>
  )
}
