import * as v from 'valibot'
import { knownDevice } from '../../known.ts'
import { fields, type Check } from '../../check.ts'
import { oneOf } from '../../problem.ts'
import { ipv4, mac, device } from '../../schema.ts'

const lladdr = v.nullable(mac)

export const neigh: Check<'neigh'> = {
  ...fields({
    ip: ipv4,
    dev: device,
    lladdr,
    state: oneOf(['PERMANENT', 'REACHABLE', 'STALE', 'DELAY', 'INCOMPLETE', 'FAILED']),
  }),
  rows: (here, say) => {
    const known = knownDevice(here, say)
    here.space.neigh.forEach((x, row) => known(row, x.dev))
  },
}
