import * as v from 'valibot'
import { LOG_PREFIX, MULTIPORTS, NFLOG_PREFIX, SETS } from '../../bounds.ts'
import { firewall } from './firewall.ts'
import { isTcpFlags } from './flags.ts'
import { MATCHES, NEGATABLE, STATES, type Rate } from './known.ts'
import { isRate } from './rate.ts'
import { isSetFlags } from '../ipsets/known.ts'
import { fields, type Check } from '../../check.ts'
import { as, list, object, oneOf, short, tell, whole } from '../../problem.ts'
import {
  opt,
  ipv4,
  cidr,
  pattern,
  chain,
  comment,
  addressRange,
  icmpType,
  ipProto,
  logPrefix,
  network,
  port,
  portOrRange,
  u32,
  listName,
  mac,
  setName,
  share,
  netfilterTable,
  masked,
  flag,
} from '../../schema.ts'

/** A word that says something by being there. */
const yes = v.pipe(
  flag,
  v.check((x) => x, tell('only-true')),
)
const local = opt(oneOf(['LOCAL']))
const only = opt(yes as v.GenericSchema<unknown, true>)

const target = v.variant(
  'type',
  [
    object({ type: oneOf(['ACCEPT', 'DROP', 'RETURN']) }),
    object({ type: oneOf(['JUMP', 'GOTO']), chain }),
    object({ type: v.literal('MASQUERADE'), randomFully: opt(flag) }),
    object({ type: v.literal('SNAT'), to: ipv4, randomFully: opt(flag) }),
    object({ type: v.literal('DNAT'), to: ipv4, port: opt(port) }),
    object({ type: v.literal('REDIRECT'), port: opt(port) }),
    object({ type: v.literal('NETMAP'), to: network }),
    object({
      type: v.literal('MARK'),
      op: oneOf(['set', 'or', 'xor', 'and']),
      value: u32,
      mask: u32,
    }),
    v.variant(
      'op',
      [
        object({ type: v.literal('CONNMARK'), op: v.literal('set'), value: u32, mask: u32 }),
        object({
          type: v.literal('CONNMARK'),
          op: oneOf(['save', 'restore']),
          nfmask: u32,
          ctmask: u32,
        }),
      ],
      (i) => tell('connmark', short(i.input)),
    ),
    object({ type: v.literal('NOTRACK') }),
    object({ type: v.literal('CT'), notrack: yes }),
    object({ type: v.literal('TCPMSS'), mss: opt(whole(1, 65535)), clampToPmtu: opt(yes) }),
    object({
      type: v.literal('LOG'),
      prefix: opt(logPrefix(LOG_PREFIX)),
      level: opt(whole(0, 7)),
    }),
    object({
      type: v.literal('NFLOG'),
      prefix: opt(logPrefix(NFLOG_PREFIX)),
      group: opt(whole(0, 65535)),
    }),
    object({
      type: v.literal('REJECT'),
      with: oneOf([
        'icmp-port-unreachable',
        'icmp-host-unreachable',
        'icmp-admin-prohibited',
        'tcp-reset',
      ]),
    }),
  ],
  (i) => tell('target', short(i.input)),
)

const several = list(portOrRange, MULTIPORTS, 'ports')
const setFlags = as<string>(isSetFlags, 'set-flags')
const tcpFlags = as<string>(isTcpFlags, 'tcp-flags')
const rate = as<Rate>(isRate, 'rate')

export const netfilter: Check<'netfilter'> = {
  ...fields({
    table: netfilterTable,
    chain,
    src: opt(cidr),
    dst: opt(cidr),
    proto: opt(ipProto),
    sport: opt(portOrRange),
    dport: opt(portOrRange),
    sports: opt(several),
    dports: opt(several),
    ports: opt(several),
    tcpFlags: opt(tcpFlags),
    icmpType: opt(icmpType),
    iif: opt(pattern),
    oif: opt(pattern),
    srcRange: opt(addressRange),
    dstRange: opt(addressRange),
    mark: opt(masked),
    connmark: opt(masked),
    ctstate: opt(list(oneOf(STATES), STATES.length, 'states')),
    srcType: local,
    dstType: local,
    limitIfaceIn: opt(flag),
    limitIfaceOut: opt(flag),
    addrtypes: opt(
      list(
        object({
          srcType: local,
          dstType: local,
          limitIfaceIn: only,
          limitIfaceOut: only,
          not: opt(list(oneOf(['srcType', 'dstType']), 2, 'matches')),
        }),
        SETS,
        'matches',
      ),
    ),
    not: opt(list(oneOf(NEGATABLE), NEGATABLE.length, 'matches')),
    comment: opt(comment),
    sets: opt(list(object({ name: setName, flags: setFlags, not: only }), SETS, 'sets')),
    rpfilter: opt(object({ loose: only, validmark: only, acceptLocal: only, invert: only })),
    recent: opt(
      object({
        op: oneOf(['set', 'rcheck', 'update', 'remove']),
        name: listName,
        seconds: opt(whole(1, 0xffffffff)),
        reap: only,
        dest: only,
      }),
    ),
    physdev: opt(
      v.pipe(
        object({
          in: opt(pattern),
          out: opt(pattern),
          isIn: only,
          isOut: only,
          isBridged: only,
          not: opt(list(oneOf(['in', 'out', 'isIn', 'isOut', 'isBridged']), 5, 'matches')),
        }),
        v.check((x) => Object.keys(x).some((k) => k !== 'not'), tell('physdev-none')),
      ),
    ),
    mac: opt(mac),
    pkttype: opt(oneOf(['unicast', 'broadcast', 'multicast'])),
    limit: opt(object({ rate, burst: opt(whole(1, 10_000)) })),
    statistic: opt(object({ probability: share })),
    matches: opt(list(oneOf(MATCHES), MATCHES.length + 2 * SETS, 'matches')),
    target,
  }),
  later: ({ space: n }, say) => firewall(n, say),
}
