import type { DummyDev } from '#lib/topology/devs.ts'
import { ethernet } from './device.ts'
import { transmit } from './transmit.ts'

/** dummy_xmit(): a capture sees the frame, the counter moves, and it is gone; nobody is told. It has IFF_NOARP (dummy_setup()): nobody is asked for. */
export const dummy = ethernet<DummyDev>({
  resolve: 'own',
  xmit: (at, s) => transmit(at, s, { reason: 'dummy', dev: at.dev.name }),
})
