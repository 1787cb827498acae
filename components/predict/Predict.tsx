import type { ReactNode } from 'react'
import { predict } from '#lib/index.ts'
import { predictionOf, type Asked } from './author.ts'
import { Revealing } from './Revealing.tsx'

interface Props extends Asked {
  /** The figure that shows the answer. */
  readonly figure?: string
  /** What is said behind the answer. It stands on a page of its own (app/answers), and comes from there when somebody has answered. */
  readonly children?: ReactNode
}

/** A question in a chapter. Its options are computed when the page is built, and the build fails where it has no answer. */
export async function Predict({ figure = '', children, ...asked }: Props) {
  const of = predictionOf(asked)
  const { options } = await predict(of)
  return (
    <Revealing
      of={of}
      outcomes={options.map((o) => o.outcome)}
      figure={figure}
      explained={children !== undefined}
    />
  )
}
