import { Save } from '#components/save/Save.tsx'
import { embedOf, linkTo } from '../effects/address.ts'
import { pictureOf } from '../effects/window.ts'
import { useFigure, useFigureStore } from '../use.tsx'

/** What can be taken along of the figure, as it is when it is taken. */
export function Take() {
  const figure = useFigureStore()
  const { home, state, read } = figure
  const name = useFigure((_, s) => `${s.scenario}-${s.flow}`)
  const title = useFigure((_, s) => s.world.title)
  const walk = useFigure((r, s) => r.now(s).walk)
  return (
    <Save
      name={name}
      title={title}
      walk={walk}
      caption={() => `${title}. ${read.sentence(state())}`}
      picture={() => pictureOf(home.id)}
      link={() => linkTo(figure)}
      embed={() => embedOf(figure)}
    />
  )
}
