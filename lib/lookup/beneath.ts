import type { PhysDev, PktType } from '#lib/topology/tables/netfilter/known.ts'
import type { Extra, Link, Seen } from './verdict.ts'

/* Matches that ask what is below IP. */

const HERE: Link = { to: null, frame: null, physIn: null, physOut: null }
const linkOf = ({ q }: Seen): Link => q.link ?? HERE

/** mac_mt(): what came by no Ethernet fits neither the MAC nor its contrary. lo is none, though it looks like it. */
export function sentBy(mac: string, not: boolean): Extra['holds'] {
  return (s) => {
    const { frame } = linkOf(s)
    return frame === null || s.q.iif === 'lo' ? not : frame.src === mac
  }
}

/** pkttype_mt(): br_netfilter makes what is to another MAC the host's for as long as it asks. */
export function isFor(asked: PktType): Extra['holds'] {
  return (s) => {
    const { to } = linkOf(s)
    return (to === 'broadcast' || to === 'multicast' ? to : 'unicast') === asked
  }
}

/** physdev_mt() */
export function physical(x: PhysDev): Extra['holds'] {
  const not = (key: 'in' | 'out' | 'isIn' | 'isOut' | 'isBridged'): boolean =>
    x.not?.includes(key) === true
  return (s) => {
    const { physIn, physOut } = linkOf(s)
    // What came by no bridge fits what asks for the contrary of all.
    if (physIn === null)
      return (['in', 'out', 'isIn', 'isOut', 'isBridged'] as const).every(
        (key) => x[key] === undefined || not(key),
      )
    if (x.isBridged === true && (physOut !== null) === not('isBridged')) return false
    if (x.isIn === true && not('isIn')) return false
    if (x.isOut === true && (physOut !== null) === not('isOut')) return false
    if (x.in !== undefined && named(x.in, physIn) === not('in')) return false
    if (x.out === undefined) return true
    return physOut !== null && named(x.out, physOut) !== not('out')
  }
}

const named = (asked: string, name: string): boolean =>
  asked.endsWith('+') ? name.startsWith(asked.slice(0, -1)) : asked === name
