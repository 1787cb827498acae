import type { VxlanDev } from './row.ts'

export const learning = (on: boolean): string => (on ? 'learning' : 'nolearning')

/** What `ip link add` is told of a VXLAN device behind `type`. */
export function typeWords(d: VxlanDev): string {
  return `vxlan id ${d.vni} local ${d.local} dstport ${d.port} ${learning(d.learning)} ${d.udpcsum ? 'udpcsum' : 'noudpcsum'}`
}
