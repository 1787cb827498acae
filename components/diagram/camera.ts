import { cubicBezier } from 'framer-motion'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { notLoaded } from '#components/save/take.ts'
import type { Away } from '#components/words/en/away.ts'
import { coveredOf, showWhole, type Lens } from './cut.ts'
import type { Box, Scene } from './layout/index.ts'
import { shotOf, type Room } from './shot.ts'
import type { Eye, Zoom } from './zoom.ts'

/** How a picture is looked at: by the camera, which goes with the packet, or as a hand left it. */
export interface View {
  /** Beside what the camera would show. */
  readonly scale: number
  readonly hand: boolean
  /** Is all of it in sight? */
  readonly whole: boolean
  /** Why what zooms did not come. */
  readonly away: Away | null
}

export interface Camera {
  readonly view: StoreApi<View>
  /** Looks at a picture. Returns what ends it: another picture is looked at afresh. */
  readonly attach: (lens: Lens, scene: Scene) => () => void
  /** Where the packet is. */
  readonly look: (here: Box | null) => void
  /** Is the picture shown at all? */
  readonly seen: () => boolean
  /** A hand comes near: what zooms is loaded. */
  readonly near: () => void
  readonly zoomIn: () => void
  readonly zoomOut: () => void
  /** All of it; and from there back to the camera. */
  readonly fit: () => void
}

/** Seconds for going on to where the packet is. */
const PAN = 0.45
const eased = cubicBezier(0.3, 0, 0.2, 1)
const WHOLE: Eye = { k: 1, x: 0, y: 0 }
const same = (a: Eye, b: Eye): boolean =>
  Math.abs(a.k - b.k) < 0.001 && Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5

/** Of a picture that the browser fits into its place: how it is to be moved inside to show what a shot shows. */
function eyeOf(scene: Scene, here: Box | null, room: Room): Eye {
  const [w, h, covered] = room
  const shot = shotOf(scene, here, room)
  const fits = Math.min(w / scene.width, h / scene.height)
  const k = shot.scale / fits
  return {
    k,
    x: scene.width / 2 - k * (shot.x + shot.w / 2),
    y: scene.height / 2 - k * (shot.y + shot.h / 2) - covered / 2 / fits,
  }
}

export function createCamera(): Camera {
  const view = createStore<View>(() => ({ scale: 1, hand: false, whole: true, away: null }))
  let lens: Lens | null = null
  let scene: Scene | null = null
  let here: Box | null = null
  let zoom: Zoom | null = null
  let room: Room = [0, 0, 0]
  let eye = WHOLE
  let frame = 0
  let first = true
  let larger = false

  const show = (to: Eye): void => {
    eye = to
    lens?.inside.setAttribute('transform', `translate(${to.x},${to.y}) scale(${to.k})`)
  }
  const rest = (): void => {
    zoom?.put(eye)
    const now = eye.k > 1.001
    if (lens !== null && (now || larger)) showWhole(lens, now)
    larger = now
  }
  const go = (to: Eye, still: boolean): void => {
    cancelAnimationFrame(frame)
    if (same(eye, to) || still || first || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      first = false
      show(to)
      rest()
      return
    }
    const from = eye
    const began = performance.now()
    const on = (now: number): void => {
      const share = Math.min(1, (now - began) / (PAN * 1000))
      const f = eased(share)
      show({
        k: from.k + f * (to.k - from.k),
        x: from.x + f * (to.x - from.x),
        y: from.y + f * (to.y - from.y),
      })
      if (share < 1) frame = requestAnimationFrame(on)
      else rest()
    }
    frame = requestAnimationFrame(on)
  }
  const aim = (still: boolean): void => {
    if (scene === null || room[0] === 0 || room[1] === 0) return
    const to = eyeOf(scene, here, room)
    view.setState({ whole: to.k <= 1.001 })
    if (view.getState().hand) zoom?.keep(here)
    else go(to, still)
  }
  const ready = async (): Promise<Zoom | null> => {
    const script = await import('./zoom.ts').catch(() => null)
    if (script === null) return null
    if (zoom === null && lens !== null && scene !== null) {
      const { svg } = lens
      zoom = script.zoomable(svg, scene, (to, byHand) => {
        cancelAnimationFrame(frame)
        show(to)
        const own = scene === null ? WHOLE : eyeOf(scene, here, room)
        view.setState({ scale: to.k / own.k, ...(byHand ? { hand: true } : {}) })
        if (lens !== null && byHand) showWhole(lens, false)
      })
      zoom.put(eye)
    }
    return zoom
  }
  const by = (direction: 1 | -1): void => {
    void ready().then((z) => {
      view.setState({ away: z === null ? notLoaded() : null })
      z?.by(direction)
      z?.keep(here)
    })
  }
  return {
    view,
    attach: (through, what) => {
      lens = through
      scene = what
      first = true
      view.setState({ hand: false, scale: 1 })
      through.place.dataset['lens'] = ''
      const o = new ResizeObserver(() => {
        const { width, height } = through.place.getBoundingClientRect()
        const same = width === room[0] && height === room[1]
        room = [width, height, coveredOf(through)]
        aim(!same)
      })
      o.observe(through.place)
      if (through.over !== null) o.observe(through.over)
      return () => {
        o.disconnect()
        cancelAnimationFrame(frame)
        zoom?.end()
        zoom = null
        lens = null
      }
    },
    look: (at) => {
      here = at
      aim(false)
    },
    seen: () => room[0] > 0,
    near: () => {
      void ready()
    },
    zoomIn: () => by(1),
    zoomOut: () => by(-1),
    fit: () => {
      const { hand, whole } = view.getState()
      view.setState({ hand: !hand && !whole, scale: 1 })
      if (!hand && !whole) go(WHOLE, false)
      else aim(false)
    },
  }
}
