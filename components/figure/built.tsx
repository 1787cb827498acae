import { use } from 'react'
import { WORLDS } from '#lib/index.ts'
import { WORLDS_HERE } from './effects/worlds.ts'
import { Figure } from './Figure.tsx'
import type { FigureProps } from './store/state.ts'

const all = WORLDS_HERE.bring(WORLDS.map((w) => w.id))

/** The figure as pages are built with it, when every world is here. No page has this file. */
export function Built(props: FigureProps) {
  const away = use(all)
  if (away !== null) throw new Error(`a world is missing: ${away}`)
  return <Figure {...props} />
}
