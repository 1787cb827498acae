import * as v from 'valibot'
import { MULTIPORTS } from '../../bounds.ts'
import { firewall } from './firewall.ts'
import { fields, type Check } from '../../check.ts'
import { list, object, oneOf, short, tell } from '../../problem.ts'
import {
  opt,
  ipv4,
  cidr,
  pattern,
  chain,
  comment,
  port,
  u32,
  share,
  netfilterTable,
  proto,
  masked,
  flag,
} from '../../schema.ts'

const target = v.variant(
  'type',
  [
    object({ type: oneOf(['ACCEPT', 'DROP', 'RETURN']) }),
    object({ type: v.literal('JUMP'), chain }),
    object({ type: v.literal('MASQUERADE'), randomFully: opt(flag) }),
    object({ type: v.literal('SNAT'), to: ipv4, randomFully: opt(flag) }),
    object({ type: v.literal('DNAT'), to: ipv4, port: opt(port) }),
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

export const netfilter: Check<'netfilter'> = {
  ...fields({
    table: netfilterTable,
    chain,
    src: opt(cidr),
    dst: opt(cidr),
    proto: opt(proto),
    sport: opt(port),
    dport: opt(port),
    dports: opt(list(port, MULTIPORTS, 'ports')),
    iif: opt(pattern),
    oif: opt(pattern),
    mark: opt(masked),
    ctstate: opt(list(oneOf(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID']), 4, 'states')),
    srcType: opt(oneOf(['LOCAL'])),
    dstType: opt(oneOf(['LOCAL'])),
    limitIfaceIn: opt(flag),
    not: opt(
      list(
        oneOf([
          'src',
          'dst',
          'proto',
          'sport',
          'dport',
          'iif',
          'oif',
          'mark',
          'srcType',
          'dstType',
        ]),
        10,
        'matches',
      ),
    ),
    comment: opt(comment),
    statistic: opt(object({ probability: share })),
    matches: opt(
      list(
        oneOf(['tcp', 'udp', 'mark', 'conntrack', 'comment', 'addrtype', 'statistic', 'multiport']),
        8,
        'matches',
      ),
    ),
    target,
  }),
  later: ({ space: n }, say) => firewall(n, say),
}
