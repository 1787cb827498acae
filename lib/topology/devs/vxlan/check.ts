import { whole } from '../../problem.ts'
import { flag, ipv4, port } from '../../schema.ts'
import type { KindCheck } from '../check.ts'

export const vxlan: KindCheck<'vxlan'> = {
  fields: { vni: whole(0, 0xffffff, 'vni'), port, local: ipv4, learning: flag, udpcsum: flag },
}
