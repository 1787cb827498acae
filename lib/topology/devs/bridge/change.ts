import type { Dev } from '../../devs.ts'
import type { KindChange } from '../change.ts'

/** A port whose bridge is gone. */
function freed(d: Dev): Dev {
  const { master: _master, hairpin: _hairpin, ...rest } = d
  return rest as Dev
}

export const bridge: KindChange<'bridge'> = {
  gone: (n, { name }) =>
    n.devs.some((d) => d.master === name)
      ? { ...n, devs: n.devs.map((d) => (d.master === name ? freed(d) : d)) }
      : n,
}
