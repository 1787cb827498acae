import { addOn, type KindTool } from '../tool.ts'

export const ipvlan: KindTool<'ipvlan'> = {
  // An address would be taken without a word, and be the master's all the same.
  make: (d, how) => [
    `${addOn(d.link, how.in)} name ${d.name}${d.mtu === undefined ? '' : ` mtu ${d.mtu}`} type ipvlan mode ${d.mode}`,
  ],
  fixed: ['link'],
  change: (to, name) =>
    to.mode === undefined ? [] : [`ip link set dev ${name} type ipvlan mode ${to.mode}`],
}
