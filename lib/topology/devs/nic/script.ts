import { anything, object, opt } from '../../script.ts'
import type { KindScript } from '../script.ts'

export const nic: KindScript<'nic'> = {
  needs: { module: 'tun', tried: 'ip tuntap add t1 mode tap' },
  fields: { wire: object({ vpc: anything, eni: opt(anything), gateway: opt(anything) }) },
  // A TAP: what it sends, lab.py reads, as the VPC would.
  make: (d) => [
    `tuntap add dev ${d.name} mode tap`,
    `link set dev ${d.name} address ${d.mac} mtu ${d.mtu}`,
  ],
}
