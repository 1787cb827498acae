import {
  cold,
  echo,
  link,
  neighFlush,
  probe,
  routeAdd,
  routeDel,
  run,
  sysctl,
  tcp,
  udp,
  type Lab,
} from './probe.ts'

/* docker0 with two containers, MASQUERADE out, host port 8080 published to c2:80. docker-proxy is off the path. */

const C1 = '172.17.0.2',
  C2 = '172.17.0.3',
  HOST = '192.168.0.100',
  INET = '203.0.113.10'
const BRIDGE_NF = 'net.bridge.bridge-nf-call-iptables'

export const L1: Lab = {
  warm: [
    ['c1', C1, C2],
    ['c1', C1, INET],
    ['c2', C2, INET],
  ],
  probes: [
    cold('icmp-same-bridge-cold', echo('c1', C1, C2, { ident: 0x1001 })),
    probe('icmp-same-bridge', echo('c1', C1, C2, { ident: 0x1002 })),
    probe('tcp-same-bridge', tcp('c1', C1, 40001, C2, 80, 'c2')),
    cold('icmp-out-cold', echo('c1', C1, INET, { ident: 0x1003 })),
    probe('icmp-out', echo('c1', C1, INET, { ident: 0x1004 })),
    probe('udp-out', udp('c1', C1, 40002, INET, 53, 'out')),
    probe(
      'udp-out-port-clash',
      udp('c1', C1, 40003, INET, 53, 'out'),
      udp('c2', C2, 40003, INET, 53, null),
    ),
    probe('tcp-out', tcp('c1', C1, 40004, INET, 443, 'out')),
    probe('published-port', tcp('out', INET, 40005, HOST, 8080, 'c2', { at: C2, port: 80 })),
    probe(
      'host-to-published-port',
      tcp('host', HOST, 40006, HOST, 8080, 'c2', { at: C2, port: 80 }),
    ),
    probe('host-to-container', echo('host', '0.0.0.0', C1, { ident: 0x1005 })),
    probe('container-to-gateway', echo('c1', C1, '172.17.0.1', { ident: 0x1006 })),
    probe('container-to-host-ip', echo('c1', C1, HOST, { ident: 0x1007 })),
    probe('ttl1', echo('c1', C1, INET, { ttl: 1, ident: 0x3001 })),
    probe('ttl2', echo('c1', C1, INET, { ttl: 2, ident: 0x3002 })),
    probe('ttl1-same-bridge', echo('c1', C1, C2, { ttl: 1, ident: 0x3011 })),
    probe('ttl1-published', tcp('out', INET, 40007, HOST, 8080, null, { ttl: 1 })),
    probe(
      'big-nodf-out',
      udp('c1', C1, 40010, INET, 5010, 'out', { size: 3000, df: false, reply: false }),
    ),
    probe(
      'big-nodf-same-bridge',
      udp('c1', C1, 40011, C2, 5011, 'c2', { size: 3000, df: false, reply: false }),
    ),
    probe(
      'mtu1400-out-df',
      run('host: ip link set eth0 mtu 1400', link('host', 'eth0', { mtu: 1400 })),
      echo('c1', C1, INET, { df: true, size: 1472, ident: 0x4001 }),
    ),
    probe(
      'host-to-published-port-loopback',
      tcp('host', '127.0.0.1', 40020, '127.0.0.1', 8080, null),
    ),
    probe('container-to-published-port', tcp('c1', C1, 40021, HOST, 8080, null)),
    probe('unpublished-port', tcp('out', INET, 40022, HOST, 8081, null)),
    probe(
      'direct-to-container',
      run(
        `out: ip route add 172.17.0.0/16 via ${HOST}`,
        routeAdd('out', { dst: '172.17.0.0/16', via: HOST, dev: 'eth0' }),
      ),
      echo('out', INET, C1, { ident: 0x5001 }),
    ),
    // The route of the probe before is still there.
    probe(
      'direct-to-container-port',
      {
        kind: 'do',
        line: null,
        edits: () => [routeAdd('out', { dst: '172.17.0.0/16', via: HOST, dev: 'eth0' })],
      },
      tcp('out', INET, 40023, C2, 80, 'c2'),
    ),
    probe(
      'published-container-gone',
      run('c2: ip link set eth0 down', link('c2', 'eth0', { up: false })),
      run('host: ip neigh flush dev docker0', neighFlush('host', 'docker0')),
      run('host: sysctl -qw net.ipv4.neigh.docker0.retrans_time_ms=100', {
        op: 'add',
        in: 'host',
        table: 'sysctls',
        row: { key: 'net.ipv4.neigh.docker0.retrans_time_ms', value: 100 },
      }),
      tcp('out', INET, 40024, HOST, 8080, null),
    ),
    probe('published-service-down', tcp('out', INET, 40025, HOST, 8080, null)),
    probe('udp-closed-port', udp('c1', C1, 40026, C2, 5999, null)),
    probe(
      'no-route',
      run('host: ip route del default', routeDel('host', '0.0.0.0/0')),
      echo('c1', C1, INET, { ident: 0x5002 }),
    ),
    probe('no-such-container', echo('c1', C1, '172.17.0.9', { ident: 0x5003 })),
    probe(
      'ip-forward-off',
      run('host: sysctl -qw net.ipv4.ip_forward=0', sysctl('host', 'net.ipv4.ip_forward', 0)),
      echo('c1', C1, INET, { ident: 0x5004 }),
    ),
    probe(
      'no-masquerade',
      run('host: iptables -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', {
        op: 'del',
        in: 'host',
        table: 'netfilter',
        where: {
          table: 'nat',
          chain: 'POSTROUTING',
          src: '172.17.0.0/16',
          target: { type: 'MASQUERADE' },
        },
      }),
      echo('c1', C1, INET, { ident: 0x5005 }),
    ),
    probe(
      'veth-down',
      run('host: ip link set veth2 down', link('host', 'veth2', { up: false })),
      echo('c1', C1, C2, { ident: 0x5006 }),
    ),
    probe(
      'docker0-down',
      run('host: ip link set docker0 down', link('host', 'docker0', { up: false })),
      echo('c1', C1, C2, { ident: 0x5007 }),
      echo('c1', C1, INET, { ident: 0x5008 }),
    ),
    probe(
      'forward-drop-bridge',
      run('host: iptables -D FORWARD -i docker0 -o docker0 -j ACCEPT', {
        op: 'del',
        in: 'host',
        table: 'netfilter',
        where: {
          table: 'filter',
          chain: 'FORWARD',
          iif: 'docker0',
          oif: 'docker0',
          not: undefined,
        },
      }),
      echo('c1', C1, C2, { ident: 0x5009 }),
      run(`host: sysctl -qw ${BRIDGE_NF}=0`, sysctl('host', BRIDGE_NF, 0)),
      echo('c1', C1, C2, { ident: 0x500a, seq: 2 }),
    ),
  ],
}
