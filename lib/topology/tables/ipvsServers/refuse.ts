import type { Refuse } from '../../refuse.ts'
import { sameVirtual, virtualText } from '../ipvsServices/row.ts'

export const ipvsServers: Refuse<'ipvsServers'> = {
  // ip_vs_genl_set_cmd(): ESRCH.
  alone: (n, x) =>
    n.ipvsServices.some((s) => sameVirtual(s, x))
      ? null
      : `No such process: there is no virtual service ${virtualText(x)}; add it first`,
  one: (_, x) => `real server ${x.to}:${x.toPort} of ${virtualText(x)}`,
}
