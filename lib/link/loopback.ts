import type { LoopbackDev } from '#lib/topology/devs.ts'
import { cross } from '#lib/run/clock.ts'
import { ethernet } from './device.ts'
import { transmit } from './transmit.ts'

/** loopback_xmit(): connection, mark and way stay; the way in is new. */
export const loopback = ethernet<LoopbackDev>({
  resolve: 'own',
  loops: true,
  xmit(at, s) {
    transmit(at, s)
    const { run } = at
    cross(run, () => run.ports.receive(at, { ...s, iif: null, sabotaged: false }))
  },
})
