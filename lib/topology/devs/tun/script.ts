import type { KindScript } from '../script.ts'

export const tun: KindScript<'tun'> = {
  needs: { module: 'tun', tried: 'ip tuntap add t0 mode tun' },
  fields: {},
  make: (d) => [`tuntap add dev ${d.name} mode tun`, `link set dev ${d.name} mtu ${d.mtu}`],
}
