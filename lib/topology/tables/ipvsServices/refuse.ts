import type { Refuse } from '../../refuse.ts'
import { virtualText } from './row.ts'

export const ipvsServices: Refuse<'ipvsServices'> = {
  // do_ip_vs_set_ctl(): EEXIST, `Service already exists`.
  one: (_, x) => `virtual service ${virtualText(x)}`,
}
