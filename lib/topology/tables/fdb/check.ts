import { knownDevice } from '../../known.ts'
import { fields, type Check } from '../../check.ts'
import { oneOf } from '../../problem.ts'
import { opt, ipv4, mac, device } from '../../schema.ts'

export const fdb: Check<'fdb'> = {
  ...fields({
    mac,
    dev: device,
    master: opt(device),
    dst: opt(ipv4),
    state: oneOf(['permanent', 'learned']),
  }),
  rows: (here, say) => {
    const known = knownDevice(here, say)
    here.space.fdb.forEach((x, row) => {
      known(row, x.dev)
      known(row, x.master)
    })
  },
}
