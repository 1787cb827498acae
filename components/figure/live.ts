import { Figure } from './Figure.tsx'
import { worldsAtFirst } from './store/figure.ts'
import { read, worldsIn } from './store/link.ts'
import type { FigureProps } from './store/state.ts'
import { WORLDS_HERE } from './effects/worlds.ts'

/** The figure, when all is here that it begins with: its worlds, and those that the address asks for. */
export async function live(props: FigureProps): Promise<typeof Figure> {
  const { id, scenario, flow = '' } = props
  const asked = worldsIn(read(location.hash, id, { scenario, flow }))
  const away = await WORLDS_HERE.bring([...worldsAtFirst(props), ...asked])
  if (away !== null) throw new Error(`a world is missing: ${away}`)
  return Figure
}
