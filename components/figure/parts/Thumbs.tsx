import { memo } from 'react'
import { controls } from '#components/words/controls.ts'
import type { Ask } from '../store/actions.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** On a small screen: what a thumb reaches. */
export const Thumbs = memo(function Thumbs() {
  const { shows } = useFigureStore()
  const [first, last] = useFigure((read, s) => read.ends(s))
  const some = useFigure((read, s) => read.offered(s).length > 0)
  const says = controls()
  return (
    <div className={css.thumbs} role="group" aria-label={says.steps}>
      <Thumb
        label={says.thumbBack}
        name={says.backStep}
        ask={{ type: 'move', by: -1 }}
        off={first}
      />
      {shows('drawer') && <Thumb label={says.thumbBytes} ask={{ type: 'tab', tab: 'Bytes' }} />}
      {shows('change') && some && (
        <Thumb label={says.thumbChange} ask={{ type: 'menu', menu: 'change' }} />
      )}
      <Thumb label={says.thumbNext} name={says.next} ask={{ type: 'move', by: 1 }} off={last} />
    </div>
  )
})

interface ThumbProps {
  readonly label: string
  readonly name?: string
  readonly ask: Ask
  readonly off?: boolean
}

function Thumb({ label, name = label, ask, off = false }: ThumbProps) {
  const { dispatch } = useFigureStore()
  return (
    <button type="button" aria-label={name} disabled={off} onClick={() => dispatch(ask)}>
      {label}
    </button>
  )
}
