import { flag, ipv4, port, whole } from '../../script.ts'
import type { KindScript } from '../script.ts'
import { typeWords } from './words.ts'

export const vxlan: KindScript<'vxlan'> = {
  needs: { module: 'vxlan', tried: 'ip link add x0 type vxlan id 1 dstport 8472' },
  fields: { vni: whole(0, 0xffffff), port, local: ipv4, learning: flag, udpcsum: flag },
  make: (d) => [`link add name ${d.name} address ${d.mac} mtu ${d.mtu} type ${typeWords(d)}`],
}
