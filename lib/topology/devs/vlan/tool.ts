import { addOn, type KindTool } from '../tool.ts'

export const vlan: KindTool<'vlan'> = {
  make: (d, how) => [`${addOn(d.link, how.in)} name ${d.name} ${how.words} type vlan id ${d.id}`],
  fixed: ['link', 'id'],
}
