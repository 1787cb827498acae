import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Step, Walk } from '#lib/index.ts'
import type { Camera } from './camera.ts'
import { restOf } from './chip.ts'
import { useReach } from './hands.ts'
import type { Box, Scene } from './layout/index.ts'
import { put } from './motion.ts'
import { createMover } from './mover.ts'
import { useFrom } from './from.ts'
import { Picture } from './Picture.tsx'
import { placeOf } from './place.ts'
import { trails } from './sleeves.ts'
import { wayOf } from './way.ts'
import { wrapOf } from './wrap.ts'

interface Props {
  readonly scene: Scene
  readonly walk: Walk
  readonly step: Step
  readonly hatch: string
  readonly camera: Camera
  readonly before?: Step | null | undefined
  readonly choose?: ((box: Box) => void) | undefined
}

/** What is in the picture, alive: the packet moves along its path, and boxes are reached with the arrow keys. */
export function Alive({ scene, walk, step, hatch, camera, before, choose }: Props) {
  const chip = useRef<SVGGElement>(null)
  const here = placeOf(scene, step)
  const [mover] = useState(createMover)
  // What React draws is where the chip begins; from there on it is moved.
  const [first] = useState(() => (here === null ? '' : put(restOf(scene, here, wrapOf(step)))))
  useEffect(() => camera.look(here), [camera, here])
  useLayoutEffect(() => {
    if (here === null || chip.current === null) return
    const { message, n } = step
    const { own: legs } = trails(scene, walk, message)
    const way = wayOf(scene, walk, message)
    const at = restOf(scene, here, wrapOf(step))
    return mover.move(chip.current, { scene, legs, way, message, step: n, at }, camera.seen())
  }, [mover, camera, scene, walk, here, step])
  const reach = useReach(scene, here, choose)
  return (
    <Picture
      scene={scene}
      walk={walk}
      step={step}
      before={before}
      hatch={hatch}
      chip={chip}
      chipAt={first}
      from={useFrom(walk, step)}
      {...(reach === undefined ? {} : { reach })}
    />
  )
}
