import { useState } from 'react'
import { useFigure, useFigureStore } from '#components/figure/use.tsx'
import { controls } from '#components/words/controls.ts'
import { insideOf, Name, Row } from './Row.tsx'
import css from './Transport.module.css'

/** The stops of this packet in a row, in the colour of how it is wrapped there: solid what is done, faint what is to come. At its end, how the walk ends. */
export function Scrubber() {
  const { dispatch } = useFigureStore()
  const { ticks, offset } = useFigure((read, s) => read.slider(s))
  const at = useFigure((read, s) => read.at(s))
  const sentence = useFigure((read, s) => read.sentence(s))
  const [over, setOver] = useState<number | null>(null)
  const inside = insideOf(at - offset, ticks)
  const pointed = over === null ? null : ticks[over]
  return (
    <div className={css.line}>
      <div className={css.scrub} style={{ '--n': ticks.length } as React.CSSProperties}>
        <Row />
        <input
          type="range"
          min={0}
          max={ticks.length - 1}
          value={inside}
          aria-label={controls().step}
          aria-valuetext={controls().stepOf(inside + 1, ticks.length, sentence)}
          onChange={(e) => dispatch({ type: 'to', at: offset + Number(e.target.value) })}
          onPointerMove={(e) => {
            const { left, width } = e.currentTarget.getBoundingClientRect()
            setOver(insideOf(Math.floor(((e.clientX - left) / width) * ticks.length), ticks))
          }}
          onPointerLeave={() => setOver(null)}
        />
        {pointed !== null && pointed !== undefined && (
          <Name of={pointed} at={over!} count={ticks.length} pointed />
        )}
      </div>
      <Ended />
    </div>
  )
}

const SIGNS = { true: '✓', false: '!', lost: '✕', open: '?' } as const

/** How the walk ends. */
function Ended() {
  const { ok, text } = useFigure((read, s) => read.outcome(s))
  return (
    <b
      className={css.ended}
      data-ok={ok}
      data-ended=""
      role="img"
      aria-label={controls().ends(text)}
      title={text}
    >
      {SIGNS[`${ok}`]}
    </b>
  )
}
