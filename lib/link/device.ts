import type { Dev } from '#lib/topology/devs.ts'
import type { Device } from '#lib/run/device.ts'
import type { At, Here } from '#lib/run/run.ts'

/** How devices of one kind behave. */
export type Kind<D extends Dev> = Device<At<D>, Here>

/** A kind of which is said what sets it apart from most: Ethernet, without a queue. All have one shape. */
export function ethernet<D extends Dev>(own: Pick<Kind<D>, 'xmit'> & Partial<Kind<D>>): Kind<D> {
  const { resolve = 'arp', carrier = () => true } = own
  const { tunnel = () => null, protocol = () => null, sender = () => null } = own
  const { queue = false, loops = false, tells = false, cutsAnew = false } = own
  const { xmit } = own
  return { xmit, carrier, resolve, queue, loops, tells, cutsAnew, tunnel, protocol, sender }
}
