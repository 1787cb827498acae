import type { KindTool } from '../tool.ts'

export const bridge: KindTool<'bridge'> = {
  make: (d, { words }) => [`ip link add name ${d.name} ${words} type bridge`],
  state: (n, d) => (n.devs.some((p) => p.master === d.name && p.up) ? 'UP' : 'DOWN'),
}
