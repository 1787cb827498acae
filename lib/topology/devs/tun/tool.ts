import type { KindTool } from '../tool.ts'

export const tun: KindTool<'tun'> = {
  make: (d) => [
    `ip tuntap add dev ${d.name} mode tun`,
    ...(d.mtu === undefined ? [] : [`ip link set dev ${d.name} mtu ${d.mtu}`]),
  ],
  notes: (d) => [
    ...(d.program === undefined ? [] : [`held by ${d.program}, of kind tun`]),
    ...(d.mac === undefined ? [] : [`a TUN has no MAC, here ${d.mac}`]),
  ],
  fixed: ['program'],
  // Without a program it has no carrier, with one it never tells of it (rfc2863_policy()).
  state: (n, d) => (n.daemons.some((x) => x.tun === d.name) ? 'UNKNOWN' : 'DOWN'),
}
