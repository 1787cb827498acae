import type { KindChange } from '../change.ts'
import { isFallback } from './words.ts'

const OWN = ['ttl', 'tos', 'pmtudisc'] as const

export const ipip: KindChange<'ipip'> = {
  stays: (d) =>
    isFallback(d)
      ? `Operation not supported: ${d.name} is there as long as the module ipip is; set it down instead`
      : null,
  refused(n, before, d) {
    // ipip_changelink() refuses to change what the module made, and it makes one of a name.
    if (isFallback(d)) {
      if (d.name !== 'tunl0')
        return `File exists: without local and remote it is tunl0, which the module makes; call it so, or write remote`
      const set = OWN.find((k) => d[k] !== undefined && !(k === 'pmtudisc' && d[k] === false))
      if (set !== undefined)
        return `Invalid argument: nobody changes ${set} of tunl0; leave it out, or add a device with remote`
    }
    // ip_tunnel_changelink(): IFF_POINTOPOINT stays as it is.
    if (before !== null && (before.remote === undefined) !== (d.remote === undefined))
      return `Invalid argument: ${d.name} ${before.remote === undefined ? 'has no fixed remote' : 'has a remote'}, and that stays so; delete it and add another`
    if (d.ttl !== undefined && d.pmtudisc === false)
      return `ttl != 0 and nopmtudisc are incompatible; leave out one of them`
    const twin = n.devs.find(
      (x) =>
        x !== d &&
        x.name !== d.name &&
        x.kind === 'ipip' &&
        x.local === d.local &&
        x.remote === d.remote,
    )
    return twin === undefined
      ? null
      : `File exists: ${twin.name} has these ends already; take another local or remote`
  },
}
