import { Fragment } from 'react'
import { textsOf } from './layout/texts.ts'
import type { Box } from './layout/index.ts'
import css from './Picture.module.css'

/** How round its corners are: what decides is round, what is a device is not. */
const CORNER = 6
const ROUND: { readonly [K in Box['kind']]?: number } = {
  pod: 10,
  outside: 10,
  daemon: 10,
  more: 8,
}
const isRound = (b: Box): boolean => ['routing', 'vpc', 'gate', 'gateway'].includes(b.kind)
/** From a box's border to the ring around the one that the packet is in, and to the keyboard's. */
const RING = 4.5
const FOCUS = 8

/** Ports of a bridge, along its upper edge: how far from its middle. */
const PORTS = [-0.36, -0.12, 0.12, 0.36]

/** A box as it is drawn. */
export function Shape({ box: b, here }: { readonly box: Box; readonly here: boolean }) {
  const rx = isRound(b) ? b.h / 2 : (ROUND[b.kind] ?? CORNER)
  const rect = (by: number, className: string | undefined): React.ReactNode => (
    <rect
      x={b.x - b.w / 2 - by}
      y={b.y - b.h / 2 - by}
      width={b.w + 2 * by}
      height={b.h + 2 * by}
      rx={rx + by}
      className={className}
    />
  )
  return (
    <>
      {rect(0, css.shape)}
      {b.kind === 'bridge' &&
        PORTS.map((f) => (
          <rect
            key={f}
            x={b.x + f * b.w - 4}
            y={b.y - b.h / 2}
            width="8"
            height="4"
            className={css.port}
          />
        ))}
      {here && rect(RING, css.ring)}
      {rect(FOCUS, css.focus)}
      {b.kind !== 'gate' &&
        textsOf(b).map((t, i) => (
          <Fragment key={i}>
            {/* Two words also to who hears them. */}
            {i > 0 && ' '}
            <text x={t.x} y={t.y} textAnchor={t.anchor} className={t.mono ? css.sub : css.label}>
              {t.text}
            </text>
          </Fragment>
        ))}
    </>
  )
}
