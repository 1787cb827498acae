import type { Box, Scene } from './layout/index.ts'

const TOWARDS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The box an arrow key leads to: along a wire if one goes that way, else the nearest box that lies there. */
export function nextBox(scene: Scene, from: Box, key: string): Box | null {
  const d = TOWARDS[key]
  if (d === undefined) return null
  const wired = new Set(
    scene.wires.flatMap(([a, b]) => (a === from.id ? [b] : b === from.id ? [a] : [])),
  )
  let best: Box | null = null
  let least = Infinity
  for (const b of scene.boxes) {
    if (b.id === from.id) continue
    const along = (b.x - from.x) * d[0] + (b.y - from.y) * d[1]
    const aside = Math.abs((b.x - from.x) * d[1]) + Math.abs((b.y - from.y) * d[0])
    if (along <= 4 || aside > along * 4) continue
    const far = along + aside * 2 - (wired.has(b.id) ? 1000 : 0)
    if (far < least) {
      least = far
      best = b
    }
  }
  return best
}
