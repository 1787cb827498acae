import { traits } from '../../devs.ts'
import { fields, type Check } from '../../check.ts'
import { ipv4, device, program, port } from '../../schema.ts'

export const daemons: Check<'daemons'> = {
  ...fields({ name: program, tun: device, port, local: ipv4 }),
  rows: ({ space: n, known }, say) =>
    n.daemons.forEach((d, row) => {
      const dev = known.devs(n.name).get(d.tun)
      if (dev === undefined || traits(dev).held !== true) say(row, 'no-tun', d.tun, n.name)
    }),
}
