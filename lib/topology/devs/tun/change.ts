import type { KindChange } from '../change.ts'

export const tun: KindChange<'tun'> = {
  refused: (_, before, d) =>
    before === null || before.mac === d.mac
      ? null
      : `Operation not supported: ${d.name} is a TUN and has no MAC address; leave mac as it is`,
  gone: (n, { name }) =>
    n.daemons.some((d) => d.tun === name)
      ? { ...n, daemons: n.daemons.filter((d) => d.tun !== name) }
      : n,
}
