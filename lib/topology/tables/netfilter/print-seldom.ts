import { marked, words } from '../../text.ts'
import { flagsOf, named } from './flags.ts'
import type { PhysDev } from './known.ts'
import { BURST, periodOf, rateText } from './rate.ts'
import { has, not, ported, type addPrinted } from './row.ts'

/* How matches are printed that few rules have: loaded with what few networks have (lib/link/kinds.ts). */

const PHYS = [
  ['isIn', '--physdev-is-in'],
  ['in', '--physdev-in'],
  ['isOut', '--physdev-is-out'],
  ['out', '--physdev-out'],
  ['isBridged', '--physdev-is-bridged'],
] as const
const physical = (x: PhysDev): string =>
  words(
    ...PHYS.map(([key, flag]) => {
      const asked = x[key] as string | boolean | undefined
      if (asked === undefined || asked === false) return false
      return `${x.not?.includes(key) === true ? '! ' : ''}${flag}${asked === true ? '' : ` ${asked}`}`
    }),
  )

export const SELDOM_PRINTED: Parameters<typeof addPrinted>[0] = {
  // With --tcp-flags too.
  tcp: {
    many: (r) => (r.proto === 'udp' ? 0 : has('sport', 'dport', 'tcpFlags')(r)),
    text: (r) =>
      words(
        ported(r),
        r.tcpFlags !== undefined &&
          `${not(r, 'tcpFlags')}--tcp-flags ${flagsOf(r.tcpFlags).map(named).join(' ')}`,
      ),
  },
  icmp: { many: has('icmpType'), text: (r) => `${not(r, 'icmpType')}--icmp-type ${r.icmpType}` },
  iprange: {
    many: has('srcRange', 'dstRange'),
    text: (r) =>
      words(
        r.srcRange !== undefined && `${not(r, 'srcRange')}--src-range ${r.srcRange}`,
        r.dstRange !== undefined && `${not(r, 'dstRange')}--dst-range ${r.dstRange}`,
      ),
  },
  connmark: {
    many: has('connmark'),
    text: (r) => `${not(r, 'connmark')}--mark ${marked(r.connmark!)}`,
  },
  set: {
    many: (r) => r.sets?.length ?? 0,
    text: (r, n) => {
      const x = r.sets![n]!
      return `${x.not === true ? '! ' : ''}--match-set ${x.name} ${x.flags}`
    },
  },
  rpfilter: {
    many: has('rpfilter'),
    text: ({ rpfilter: x }) =>
      words(
        x?.loose && '--loose',
        x?.validmark && '--validmark',
        x?.acceptLocal && '--accept-local',
        x?.invert && '--invert',
      ),
  },
  recent: {
    many: has('recent'),
    text: (r) =>
      words(
        `${not(r, 'recent')}--${r.recent!.op}`,
        r.recent!.seconds !== undefined && `--seconds ${r.recent!.seconds}`,
        r.recent!.reap && '--reap',
        `--name ${r.recent!.name} --mask 255.255.255.255 --r${r.recent!.dest === true ? 'dest' : 'source'}`,
      ),
  },
  physdev: { many: has('physdev'), text: (r) => physical(r.physdev!) },
  mac: { many: has('mac'), text: (r) => `${not(r, 'mac')}--mac-source ${r.mac}` },
  pkttype: { many: has('pkttype'), text: (r) => `${not(r, 'pkttype')}--pkt-type ${r.pkttype}` },
  limit: {
    many: has('limit'),
    text: ({ limit: x }) =>
      words(
        `--limit ${rateText(periodOf(x!.rate)!)}`,
        (x!.burst ?? BURST) !== BURST && `--limit-burst ${x!.burst}`,
      ),
  },
}
