import { figure } from '#components/words/figure.ts'
import type { Asked, Gate as Said } from './gates.ts'
import { textsOf } from './layout/texts.ts'
import type { Box } from './layout/index.ts'
import css from './Picture.module.css'

const SIGNS = { passed: ' ✓', refused: ' ✗', open: '?' } as const
const STROKES = {
  passed: 'M-5,0.5L-1.5,4.5L5.5,-4',
  refused: 'M-4.5,-4.5L4.5,4.5M4.5,-4.5L-4.5,4.5',
}

/** What a gate asks and has said, in words. */
export const saidOf = (asked: readonly Asked[]): string =>
  asked.map(([question, mark]) => `${figure().asks(question)}${SIGNS[mark]}`).join(', ')

/** In a gate what it has said, beside it what it asks. */
export function Gate({ box: b, said }: { readonly box: Box; readonly said: Said }) {
  const [at] = textsOf(b)
  return (
    <g className={css.gate} data-mark={said.mark}>
      {said.asked.length > 0 &&
        (said.mark === 'open' ? (
          <text x={b.x} y={b.y + 5} className={css.question}>
            ?
          </text>
        ) : (
          <path
            d={STROKES[said.mark]}
            transform={`translate(${b.x} ${b.y})`}
            className={css.sign}
          />
        ))}
      {at !== undefined && (
        <text x={at.x} y={at.y} textAnchor={at.anchor} className={css.asks}>
          {said.asked.length === 0
            ? b.label
            : said.asked.map(([question, mark], i) => (
                <tspan key={question} data-mark={mark}>
                  {i > 0 && '\u2002'}
                  {figure().asks(question)}
                  {SIGNS[mark]}
                </tspan>
              ))}
        </text>
      )}
    </g>
  )
}
