import { podsMtu } from './l2-vxlan.ts'
import {
  cacheFlush,
  cold,
  echo,
  link,
  neighFlush,
  probe,
  raw,
  run,
  tcp,
  udp,
  type Action,
  type Lab,
} from './probe.ts'

/* Two nodes on one Ethernet segment, flannel's udp backend: a TUN and a program on each, MTU 1472. */

const P1 = '10.1.15.2',
  P2 = '10.1.20.3',
  N1 = '192.168.0.100',
  N2 = '192.168.0.200',
  INET = '203.0.113.10'

function killed(node: string): Action {
  return run(`${node}: kill the udp daemon`, {
    op: 'del',
    in: node,
    table: 'daemons',
    where: { name: 'flanneld' },
  })
}

export const L3: Lab = {
  warm: [
    ['pod1', P1, P2],
    ['pod2', P2, P1],
    ['pod1', P1, INET],
    ['node1', N1, N2],
  ],
  probes: [
    cold('icmp-cold', echo('pod1', P1, P2)),
    probe('icmp', echo('pod1', P1, P2, { ident: 0x1002 })),
    probe('icmp-reverse', echo('pod2', P2, P1, { ident: 0x2001 })),
    probe('udp', udp('pod1', P1, 40001, P2, 5001, 'pod2')),
    probe('udp-reverse', udp('pod2', P2, 40002, P1, 5002, 'pod1')),
    probe('tcp', tcp('pod1', P1, 40003, P2, 80, 'pod2')),
    probe('tcp-reverse', tcp('pod2', P2, 40004, P1, 80, 'pod1')),
    probe('node-to-pod', echo('node1', '0.0.0.0', P2, { ident: 0x1003 })),
    probe('pod-to-remote-cni0', echo('pod1', P1, '10.1.20.1', { ident: 0x1004 })),
    probe('pod-to-remote-flannel0', echo('pod1', P1, '10.1.20.0', { ident: 0x1005 })),
    ...[1, 2, 3, 4, 5].map((ttl) =>
      probe(`ttl${ttl}`, echo('pod1', P1, P2, { ttl, ident: 0x3000 + ttl })),
    ),
    probe('tos', raw('pod1', P1, P2, { ident: 0x1109, seq: 1, tos: 0xb9 })),
    probe('mtu-max-df', echo('pod1', P1, P2, { df: true, size: 1444, ident: 0x4001 })),
    probe('big-df-pod-mtu1472', udp('pod1', P1, 40010, P2, 5020, 'pod2', { size: 1472, df: true })),
    probe(
      'big-df-pod-mtu1500',
      ...podsMtu(1500, true),
      udp('pod1', P1, 40012, P2, 5022, 'pod2', { size: 1472, df: true }),
    ),
    probe(
      'big-nodf-pod-mtu1500',
      ...podsMtu(1500, false),
      run('pod1: ip route flush cache', cacheFlush('pod1')),
      udp('pod1', P1, 40013, P2, 5023, 'pod2', { size: 1472, df: false, reply: false }),
    ),
    probe(
      'underlay-mtu1400-df',
      run('node1: ip link set eth0 mtu 1400', link('node1', 'eth0', { mtu: 1400 })),
      ...[0, 1].map((i) =>
        udp('pod1', P1, 40014, P2, 5024 + i, 'pod2', { size: 1444, df: true, reply: false }),
      ),
    ),
    probe('no-subnet-route-icmp', echo('pod1', P1, '10.1.99.5', { ident: 0x5001 })),
    probe('no-subnet-route-udp', udp('pod1', P1, 40020, '10.1.99.5', 5030, null)),
    probe('no-subnet-route-udp-node', udp('node1', '10.1.15.0', 40021, '10.1.99.5', 5031, null)),
    probe('outside-cluster', echo('pod1', P1, '172.31.0.9', { ident: 0x5002 })),
    probe(
      'flannel0-down-sender',
      run('node1: ip link set flannel0 down', link('node1', 'flannel0', { up: false })),
      run('node1: ip route'),
      echo('pod1', P1, P2, { ident: 0x5003 }),
    ),
    probe(
      'daemon-dead-sender',
      killed('node1'),
      run('node1: ip route'),
      echo('pod1', P1, P2, { ident: 0x5004 }),
    ),
    probe(
      'daemon-dead-receiver',
      killed('node2'),
      echo('pod1', P1, P2, { ident: 0x5005 }),
      echo('pod1', P1, P2, { ident: 0x5006, seq: 2 }),
    ),
    probe(
      'vtep-unreachable',
      run('node2: ip link set eth0 down', link('node2', 'eth0', { up: false })),
      run('node1: sysctl -qw net.ipv4.neigh.eth0.retrans_time_ms=200', {
        op: 'add',
        in: 'node1',
        table: 'sysctls',
        row: { key: 'net.ipv4.neigh.eth0.retrans_time_ms', value: 200 },
      }),
      run('node1: ip neigh flush dev eth0', neighFlush('node1', 'eth0')),
      echo('pod1', P1, P2, { ident: 0x5007 }),
    ),
    probe(
      'pod-absent',
      run('node2: sysctl -qw net.ipv4.neigh.cni0.retrans_time_ms=200', {
        op: 'add',
        in: 'node2',
        table: 'sysctls',
        row: { key: 'net.ipv4.neigh.cni0.retrans_time_ms', value: 200 },
      }),
      echo('pod1', P1, '10.1.20.99', { ident: 0x5008 }),
    ),
    probe('udp-closed-port', udp('pod1', P1, 40022, P2, 5999, null)),
    probe('tcp-closed-port', tcp('pod1', P1, 40023, P2, 5999, null)),
  ],
}
