import { halfOf } from './chip.ts'
import css from './Picture.module.css'
import type { Wrap } from './wrap.ts'

/** The packet on its way, small: a square in a square for each packet around it, hatched where AWS carries it. */
export function Chip({
  wrap,
  was,
  dropped,
  hatch,
}: {
  readonly wrap: Wrap
  readonly was: Wrap | null
  readonly dropped: boolean
  readonly hatch: string
}) {
  const square = (half: number, kind: string, now: '' | 'fresh' | 'gone' = ''): React.ReactNode => (
    <g
      key={`${kind}${half}${now === 'gone' ? ' gone' : ''}`}
      className={css.layer}
      data-kind={kind}
      data-now={now}
    >
      <rect x={-half} y={-half} width={2 * half} height={2 * half} rx={half / 3 + 1} />
      {kind === 'hidden' && (
        <rect
          x={-half}
          y={-half}
          width={2 * half}
          height={2 * half}
          rx={half / 3 + 1}
          className={css.lines}
          fill={`url(#${hatch})`}
        />
      )}
    </g>
  )
  const around = Array.from({ length: wrap.outer }, (_, i) =>
    square(
      halfOf({ outer: i + 1, hidden: false }),
      'outer',
      was !== null && i >= was.outer ? 'fresh' : '',
    ),
  )
  // What it wears until it is there, seen coming off.
  const gone =
    was === null
      ? []
      : Array.from({ length: Math.max(0, was.outer - wrap.outer) }, (_, i) =>
          square(halfOf({ outer: wrap.outer + i + 1, hidden: false }), 'outer', 'gone'),
        )
  return (
    <>
      <g className={css.chip} data-dropped={dropped}>
        {wrap.hidden && square(halfOf(wrap), 'hidden', was?.hidden === false ? 'fresh' : '')}
        {gone.toReversed()}
        {around.toReversed()}
        {square(halfOf({ outer: 0, hidden: false }), 'packet')}
      </g>
      {dropped && (
        <g className={css.cross}>
          <circle r="11" />
          <path d="M-4.5,-4.5L4.5,4.5M4.5,-4.5L-4.5,4.5" />
        </g>
      )}
    </>
  )
}
