import { useCallback } from 'react'
import { Diagram } from '#components/diagram/Diagram.tsx'
import { figure } from '#components/words/figure.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

/** The picture, in the room that is left to it. */
export function Stage() {
  const { dispatch } = useFigureStore()
  const step = useFigure((read, s) => read.step(s))
  const scene = useFigure((read, s) => read.scene(s))
  const walk = useFigure((read, s) => read.now(s).walk)
  const before = useFigure((read, s) => read.before(s))
  const title = useFigure((_, s) => s.world.title)
  const choose = useCallback(
    (box: { readonly id: string }) => dispatch({ type: 'box', id: box.id }),
    [dispatch],
  )
  if (step === undefined) return null
  const where = step.dev === null ? step.in : `${step.in}, ${step.dev}`
  const shape = { '--wide': scene.width, '--high': scene.height } as React.CSSProperties
  return (
    <div className={css.picture} data-stage="" style={shape}>
      <Diagram
        scene={scene}
        walk={walk}
        step={step.n}
        before={before}
        choose={choose}
        label={figure().pictureOf(title, where)}
      />
    </div>
  )
}
