import * as v from 'valibot'
import { knownDevice } from '../../known.ts'
import { deviceOf, isSysctl } from '../../sysctls.ts'
import type { Sysctl } from './row.ts'
import { fields, type Check } from '../../check.ts'
import { short, tell, whole } from '../../problem.ts'

const sysctl = v.custom<Sysctl['key']>(
  (x) => typeof x === 'string' && isSysctl(x),
  (i) => tell('sysctl', short(i.input)),
)

export const sysctls: Check<'sysctls'> = {
  ...fields({ key: sysctl, value: whole(-0x80000000, 0xffffffff, 'sysctl') }),
  rows: (here, say) => {
    const known = knownDevice(here, say)
    here.space.sysctls.forEach((x, row) => {
      const dev = deviceOf(x.key)
      if (dev !== 'all' && dev !== 'default') known(row, dev ?? undefined)
    })
  },
}
