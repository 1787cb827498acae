import { memo } from 'react'
import { Storyboard } from '#components/print/Storyboard.tsx'
import { linkTo } from '../effects/address.ts'
import { useFigure, useFigureStore } from '../use.tsx'

/** What paper shows of it. */
export const Paper = memo(function Paper() {
  const figure = useFigureStore()
  const title = useFigure((_, s) => s.world.title)
  const scene = useFigure((read, s) => read.scene(s))
  const walk = useFigure((read, s) => read.now(s).walk)
  const message = useFigure((read, s) => read.step(s)?.message ?? 0)
  return (
    <Storyboard
      title={title}
      scene={scene}
      walk={walk}
      message={message}
      link={(step) => linkTo(figure, step)}
    />
  )
})
