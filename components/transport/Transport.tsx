import { memo } from 'react'
import type { Ask } from '#components/figure/store/actions.ts'
import { useFigure, useFigureStore } from '#components/figure/use.tsx'
import { controls } from '#components/words/controls.ts'
import { Scrubber } from './Scrubber.tsx'
import css from './Transport.module.css'

/** Back, play, next, to the end of this packet; and the stops of the packet in a row. */
export const Transport = memo(function Transport() {
  return (
    <div className={css.player}>
      <div className={css.buttons}>
        <Buttons />
      </div>
      <Scrubber />
    </div>
  )
})

interface ButtonProps {
  readonly label: string
  readonly sign: string
  readonly ask: Ask
  readonly off?: boolean
  readonly className?: string | undefined
}

function Button({ label, sign, ask, off = false, className }: ButtonProps) {
  const { dispatch } = useFigureStore()
  return (
    <button
      type="button"
      aria-label={label}
      disabled={off}
      onClick={() => dispatch(ask)}
      className={className}
    >
      {sign}
    </button>
  )
}

function Buttons() {
  const [first, last] = useFigure((read, s) => read.ends(s))
  const playing = useFigure((_, s) => s.playing)
  return (
    <>
      <Button
        label={controls().previous}
        sign="←"
        ask={{ type: 'move', by: -1 }}
        off={first}
        className={css.step}
      />
      <Button
        label={playing ? controls().pause : controls().play}
        sign={playing ? '❚❚' : '▶'}
        ask={{ type: 'play' }}
      />
      <Button
        label={controls().next}
        sign="→"
        ask={{ type: 'move', by: 1 }}
        off={last}
        className={css.next}
      />
      <Button label={controls().endOfPacket} sign="⇥" ask={{ type: 'end' }} off={last} />
    </>
  )
}
