import type { ReactNode } from 'react'
import { predict } from '#lib/index.ts'
import { predict as words } from '#components/words/predict.ts'
import { actOf, type Acted } from './author.ts'
import { Revealing } from './Revealing.tsx'
import css from './Predict.module.css'

interface Props extends Acted {
  /** The figure that shows what becomes of the answer. */
  readonly figure?: string
  readonly children?: ReactNode
}

/** The reader is the device: the packet waits until a row, a port or a value was picked, and goes on with that to its true end. */
export async function Be({ figure = '', children, ...acted }: Props) {
  const of = actOf(acted)
  const { options } = await predict(of)
  const device = acted.device ?? of.step!.split(' ')[0]!
  return (
    <Revealing
      of={of}
      outcomes={options.map((o) => o.outcome)}
      figure={figure}
      before={
        <div lang="en">
          <p className={css.you}>{words().you(device)}</p>
        </div>
      }
      explained={children !== undefined}
    />
  )
}
