import {
  fits,
  oneOf,
  opt,
  list,
  object,
  variant,
  pattern,
  chain,
  comment,
  anything,
  ipv4,
  cidr,
  flag,
  port,
  u32,
  masked,
  proto,
  nfTable,
  type Grammar,
} from '../../script.ts'

const target = variant('type', {
  ACCEPT: {},
  DROP: {},
  RETURN: {},
  JUMP: { chain },
  MASQUERADE: { randomFully: opt(flag) },
  SNAT: { to: ipv4, randomFully: opt(flag) },
  DNAT: { to: ipv4, port: opt(port) },
  MARK: { op: oneOf('set', 'or', 'xor', 'and'), value: u32, mask: u32 },
  CONNMARK: {
    op: oneOf('set', 'save', 'restore'),
    value: opt(u32),
    mask: opt(u32),
    nfmask: opt(u32),
    ctmask: opt(u32),
  },
  REJECT: {
    with: oneOf(
      'icmp-port-unreachable',
      'icmp-host-unreachable',
      'icmp-admin-prohibited',
      'tcp-reset',
    ),
  },
})

export const netfilter: Grammar = object({
  table: nfTable,
  chain,
  src: opt(cidr),
  dst: opt(cidr),
  proto: opt(proto),
  sport: opt(port),
  dport: opt(port),
  dports: opt(list(port, 15)),
  iif: opt(pattern),
  oif: opt(pattern),
  mark: opt(masked),
  ctstate: opt(list(oneOf('NEW', 'ESTABLISHED', 'RELATED', 'INVALID'))),
  srcType: opt(oneOf('LOCAL')),
  dstType: opt(oneOf('LOCAL')),
  limitIfaceIn: opt(flag),
  not: opt(list(anything)),
  comment: opt(comment),
  statistic: opt(
    object({
      probability: fits(
        'write a number from 0 to 1',
        (x) => typeof x === 'number' && x >= 0 && x <= 1,
      ),
    }),
  ),
  matches: opt(
    list(
      oneOf('tcp', 'udp', 'mark', 'conntrack', 'comment', 'addrtype', 'statistic', 'multiport'),
      8,
    ),
  ),
  target,
})
