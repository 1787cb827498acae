import { madeOn, type KindTool } from '../tool.ts'

export const ipvlan: KindTool<'ipvlan'> = {
  // An address would be taken without a word, and be the master's all the same.
  make: ({ link, name, mtu, mode }, how) =>
    madeOn(
      { link, name, words: `${mtu === undefined ? '' : `mtu ${mtu} `}type ipvlan mode ${mode}` },
      how.in,
    ),
  fixed: ['link'],
  change: (to, name) =>
    to.mode === undefined ? [] : [`ip link set dev ${name} type ipvlan mode ${to.mode}`],
}
