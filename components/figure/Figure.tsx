'use client'
import { useEffect, useState } from 'react'
import { keepAddress } from './effects/address.ts'
import { keepScenes } from './effects/scenes.ts'
import { createFigure, homeOf, worldsAtFirst, type FigureStore } from './store/figure.ts'
import type { FigureProps } from './store/state.ts'
import { WORLDS_HERE } from './effects/worlds.ts'
import { FigureContext } from './use.tsx'
import { Held } from './parts/Held.tsx'
import { Notices } from './parts/Notices.tsx'
import { Paper } from './parts/Paper.tsx'
import { Follow } from './parts/Follow.tsx'
import { Stood } from './parts/Stood.tsx'
import { Root } from './parts/Root.tsx'
import { Said } from './parts/Said.tsx'
import { Thumbs } from './parts/Thumbs.tsx'
import { Top } from './parts/Top.tsx'
import { Drawer } from '#components/drawer/Drawer.tsx'
import { Transport } from '#components/transport/Transport.tsx'
import { Written } from './parts/Written.tsx'

/** One figure: a world, a flow, the walk through it. The worlds it begins with are here. */
export function Figure(props: FigureProps) {
  const [figure] = useState(() => {
    const world = WORLDS_HERE.here(worldsAtFirst(props)[0])!
    return createFigure(homeOf(props, world), WORLDS_HERE)
  })
  useEffect(() => {
    const address = keepAddress(figure)
    address.follow(true)
    const scenes = keepScenes(figure)
    figure.dispatch({ type: 'alive' })
    const changed = (): void => address.follow(false)
    addEventListener('hashchange', changed)
    return () => {
      removeEventListener('hashchange', changed)
      scenes()
      address.end()
    }
  }, [figure])
  return <Shown figure={figure} />
}

/** What is seen of a figure. Each part shows what it selects; none of them is drawn again for another's sake. */
export function Shown({ figure }: { readonly figure: FigureStore }) {
  return (
    <FigureContext value={figure}>
      <Root below={<Thumbs />}>
        <Top />
        <Notices />
        <Stood />
        <Follow />
        <Held />
        <Said />
        <Drawer />
        <Transport />
        <Written />
        <Paper />
        <i data-end hidden />
      </Root>
    </FigureContext>
  )
}
