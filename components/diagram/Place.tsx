import { memo } from 'react'
import { figure } from '#components/words/figure.ts'
import type { Gate as Said } from './gates.ts'
import { Gate, saidOf } from './Gate.tsx'
import type { Hands } from './hands.ts'
import type { Box } from './layout/index.ts'
import { waits } from './motion.ts'
import { Shape } from './Shape.tsx'
import css from './Picture.module.css'

/** `tab` is its place in the order of tabs, null in a still; `lit`: something is looked up here, once the packet is there (`move`). */
interface PlaceProps {
  readonly box: Box
  readonly here: boolean
  readonly lit: boolean
  readonly move?: string | undefined
  readonly tab: 0 | -1 | null
  readonly hands: Hands | undefined
  /** Of a gate, what it has said. */
  readonly said?: Said
}

export const Place = memo(function Place({
  box: b,
  here,
  lit,
  move,
  tab,
  hands,
  said,
}: PlaceProps) {
  const whole = [
    ...(b.title === b.label ? [] : [b.title]),
    ...(said === undefined || said.asked.length === 0 ? [] : [saidOf(said.asked)]),
  ]
  const reached: React.SVGProps<SVGGElement> =
    tab === null || hands === undefined
      ? {}
      : {
          role: 'button',
          tabIndex: tab,
          'aria-label': (here ? figure().boxWithPacket : figure().box)(
            b.label,
            b.sub,
            whole.length === 0 ? null : whole.join(', '),
          ),
          onFocus: () => hands.focus(b),
          onClick: (e) => hands.click(b, e),
          onKeyDown: (e) => hands.key(b, e),
        }
  return (
    <g>
      {b.title !== b.label && <title>{b.title}</title>}
      <g
        data-kind={b.kind}
        data-here={here}
        data-lit={lit}
        data-used={b.used}
        data-box={b.id}
        className={css.box}
        style={waits(move)}
        {...reached}
      >
        <Shape box={b} here={here} />
        {said !== undefined && <Gate box={b} said={said} />}
      </g>
    </g>
  )
})
