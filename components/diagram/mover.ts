import { cubicBezier } from 'framer-motion'
import { animate } from 'framer-motion/dom/mini'
import type { Scene } from './layout/index.ts'
import { put, seconds } from './motion.ts'
import { along, passage, type Leg, type Visit } from './way.ts'
import type { Point } from './wire.ts'

/** Where a packet is to be: a step of one message, in one picture, and the stretches that lead there. */
export interface Arrival {
  readonly scene: Scene
  readonly legs: readonly Leg[]
  readonly way: readonly Visit[]
  readonly message: number
  readonly step: number
  readonly at: Point
}

export interface Mover {
  /** From where it is now, even in the middle of a move, along the path to where the packet is. Back, or in another picture, or unseen, it is there at once. Returns what stops it where it has come to. */
  readonly move: (chip: SVGGElement, to: Arrival, seen: boolean) => () => void
}

const EASE: [number, number, number, number] = [0.3, 0, 0.2, 1]
const eased = cubicBezier(...EASE)
const nothing = (): void => {}

const onward = (from: Arrival | null, to: Arrival): from is Arrival =>
  from !== null &&
  from.scene === to.scene &&
  from.message === to.message &&
  from.step <= to.step &&
  !matchMedia('(prefers-reduced-motion: reduce)').matches

/** What moves one chip. */
export function createMover(): Mover {
  let last: Arrival | null = null
  let stands: Point = [0, 0]
  return {
    move: (chip, to, seen) => {
      const from = last
      last = to
      const stand = (p: Point): void => {
        stands = p
        chip.style.setProperty('transform', put(p))
      }
      if (!seen || !onward(from, to)) {
        stand(to.at)
        return nothing
      }
      const { legs, way, step, at } = to
      const line = passage({ legs, way }, { from: from.step, to: step }, [stands, at])
      if (line.length < 1) return nothing
      const duration = seconds(line.length)
      const transform = line.points.map(put)
      const times = [...line.times]
      const moving = animate(chip, { transform }, { duration, times, ease: EASE })
      // Stopped on its way it stands where it has come to. That is reckoned: the browser would style the page to tell it.
      return () => {
        const share = eased(Math.min(1, moving.time / duration))
        stand(moving.state === 'finished' ? at : along(line, share))
        moving.cancel()
      }
    },
  }
}
