import type { NicDev } from '#lib/topology/devs.ts'
import { ethernet } from './device.ts'
import { transmit } from './transmit.ts'

/** A NIC hands its frames to the VPC. */
export const nic = ethernet<NicDev>({
  queue: true,
  xmit(at, s) {
    transmit(at, s)
    at.run.ports.fabric(at, s)
  },
})
