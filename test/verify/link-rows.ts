import type { Edit } from '#lib/topology/edit.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { NfRule, Route } from '#lib/topology/rows.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Address, Cidr, Mac } from '#lib/wire/addr.ts'
import { ping, tcp } from '#lib/worlds/cluster/seed.ts'
import { setDev } from '#lib/worlds/what-ifs.ts'
import type { Fault, Sent } from './fault.ts'

/* Networks of devices that stand on others, of which kernels have some only as modules. */

const [POD, FAR] = ['web-app-frontend-1', '10.1.20.3'] as const
const sent = (flow: Flow, ends: string): Sent => ({ flow, ends })
const cut = (f: Flow): Flow => ({ ...f, df: false })
const whole = (f: Flow): Flow => ({ ...f, df: true })
const addRoute = (name: string, row: Omit<Route, 'table'>): Edit => ({
  op: 'add',
  in: name,
  table: 'routes',
  row: { table: 'main', ...row },
})
const rule = (name: string, row: NfRule): Edit => ({ op: 'add', in: name, table: 'netfilter', row })
export const addDev = (name: string, row: Dev): Edit => ({
  op: 'add',
  in: name,
  table: 'devs',
  row,
})

/** The device of a VLAN on a node's eth0, with that one's MAC unless told another. */
export const vlanOn = (node: 1 | 2, id: number, more: { mac?: Mac; mtu?: number } = {}): Edit =>
  addDev(`node-${node}`, {
    kind: 'vlan',
    name: `eth0.${id}`,
    link: { netns: `node-${node}`, dev: 'eth0' },
    id,
    mac: node === 1 ? '0a:00:00:00:00:64' : '0a:00:00:00:00:c8',
    mtu: 1500,
    up: true,
    addrs: [`10.9.0.${node}/24`],
    ...more,
  })
/** Each node's way to the other's pods, through the VLAN. */
const through = (node: 1 | 2, id: number): Edit => ({
  op: 'set',
  in: `node-${node}`,
  table: 'routes',
  where: { dst: node === 1 ? '10.1.20.0/24' : '10.1.15.0/24' },
  to: { via: node === 1 ? '10.9.0.2' : '10.9.0.1', dev: `eth0.${id}` },
})
/** Both nodes of a plain network in VLAN 100, and their pods' ways through it. */
export const TRUNK: readonly Edit[] = [
  vlanOn(1, 100),
  vlanOn(2, 100),
  through(1, 100),
  through(2, 100),
]
const trunkBut = (more: Parameters<typeof vlanOn>[2]): readonly Edit[] => [
  vlanOn(1, 100, more),
  ...TRUNK.slice(1),
]
const link = (node: 1 | 2, dev: string, to: Parameters<typeof setDev>[2]): Edit =>
  setDev(`node-${node}`, dev, to)
const fault = (name: string, edits: readonly Edit[], ...flows: readonly Sent[]): Fault => ({
  fault: name,
  world: 'lan',
  edits,
  sent: flows,
})
const [THROUGH, UNTAGGED] = [ping('node-1', '10.9.0.2'), ping('node-1', '192.168.0.200')] as const

const VLAN_FAULTS: readonly Fault[] = [
  fault(
    'a VLAN: nothing is wrong',
    TRUNK,
    sent(ping(POD, FAR), 'delivered'),
    sent(tcp(POD, FAR, 8080), 'delivered'),
    sent(whole(ping(POD, FAR, 1472)), 'delivered'),
    sent(cut(ping(POD, FAR, 1473)), 'delivered'),
    sent(THROUGH, 'delivered'),
    sent(UNTAGGED, 'delivered'),
  ),
  fault(
    'a VLAN device has a MAC of its own',
    trunkBut({ mac: '06:00:00:00:01:01' }),
    sent(ping(POD, FAR), 'delivered'),
    sent(UNTAGGED, 'delivered'),
  ),
  fault(
    'the MTU of a VLAN device is smaller',
    trunkBut({ mtu: 1496 }),
    sent(whole(ping(POD, FAR, 1468)), 'delivered'),
    sent(
      whole(ping(POD, FAR, 1469)),
      'too-big in node-1, ICMP 3/4 from 10.1.15.1 mtu 1496, node-1 IpFragFails',
    ),
    sent(cut(ping(POD, FAR, 1469)), 'delivered'),
  ),
  fault(
    'a switch whose ports take 1496 bytes: the tag counts against no MTU',
    [...TRUNK, setDev('switch', 'port2', { mtu: 1496 }), setDev('switch', 'port3', { mtu: 1496 })],
    sent(whole(ping(POD, FAR, 1472)), 'delivered'),
  ),
  fault(
    'the other node has no device of the VLAN',
    [...TRUNK, { op: 'del', in: 'node-2', table: 'devs', where: { name: 'eth0.100' } }],
    sent(THROUGH, 'neigh-failed in node-1, ICMP 3/1 from 10.9.0.1'),
    sent(UNTAGGED, 'delivered'),
  ),
  fault(
    'the other node’s is of another VLAN',
    [vlanOn(1, 100), vlanOn(2, 101)],
    sent(THROUGH, 'neigh-failed in node-1, ICMP 3/1 from 10.9.0.1'),
  ),
  fault(
    'the other node’s VLAN device is down',
    [...TRUNK, link(2, 'eth0.100', { up: false })],
    sent(THROUGH, 'neigh-failed in node-1, ICMP 3/1 from 10.9.0.1'),
    sent(UNTAGGED, 'delivered'),
  ),
  fault(
    'VLAN 0 is none: the other node takes it as untagged, and answers so',
    [
      {
        ...vlanOn(1, 0),
        row: { ...(vlanOn(1, 0) as { row: Dev }).row, addrs: ['192.168.0.90/32'] },
      } as Edit,
      addRoute('node-1', { dst: '192.168.0.200/32', dev: 'eth0.0' }),
    ],
    sent(
      { ...UNTAGGED, src: '192.168.0.100' },
      'neigh-failed in node-1, ICMP 3/1 from 192.168.0.100',
    ),
  ),
  fault(
    'a VLAN in a VLAN',
    [
      ...TRUNK,
      ...([1, 2] as const).map((n) =>
        addDev(`node-${n}`, {
          ...(vlanOn(n, 7) as { row: Dev }).row,
          name: 'qinq',
          link: { netns: `node-${n}`, dev: 'eth0.100' },
          addrs: [`10.10.0.${n}/24`],
        } as Dev),
      ),
    ],
    sent(ping('node-1', '10.10.0.2'), 'delivered'),
    sent(whole(ping('node-1', '10.10.0.2', 1472)), 'delivered'),
    sent(cut(ping('node-1', '10.10.0.2', 1473)), 'delivered'),
  ),
  fault(
    'the MTU below a VLAN device is set down, and up again: it follows down',
    [...TRUNK, link(1, 'eth0', { mtu: 1400 }), link(1, 'eth0', { mtu: 1500 })],
    sent(whole(ping(POD, FAR, 1372)), 'delivered'),
    sent(
      whole(ping(POD, FAR, 1373)),
      'too-big in node-1, ICMP 3/4 from 10.1.15.1 mtu 1400, node-1 IpFragFails',
    ),
  ),
  fault(
    'a device below is down: its VLAN is too',
    [...TRUNK, link(1, 'eth0', { up: false })],
    sent(THROUGH, 'no-route in node-1, silent'),
  ),
  fault(
    'a VLAN over a bridge: the frame leaves by its ports with the tag',
    [
      addDev('node-1', {
        ...(vlanOn(1, 5) as { row: Dev }).row,
        name: 'docker0.5',
        link: { netns: 'node-1', dev: 'docker0' },
        mac: '02:42:aa:00:00:01',
      } as Dev),
      addDev('web-app-frontend-1', {
        ...(vlanOn(2, 5) as { row: Dev }).row,
        link: { netns: 'web-app-frontend-1', dev: 'eth0' },
        mac: '02:42:0a:01:0f:02',
      } as Dev),
    ],
    sent(ping('node-1', '10.9.0.2'), 'delivered'),
    sent(
      tcp('node-1', '10.9.0.2', 9),
      'no-socket in web-app-frontend-1, silent, web-app-frontend-1 TcpOutRsts',
    ),
  ),
  fault(
    'a VLAN whose device is in another namespace than the one below',
    [
      addDev('web-app-frontend-1', {
        ...(vlanOn(1, 100) as { row: Dev }).row,
        name: 'net1',
      } as Dev),
      vlanOn(2, 100),
    ],
    sent(ping('web-app-frontend-1', '10.9.0.2'), 'delivered'),
    sent(ping('node-2', '10.9.0.1'), 'delivered'),
    sent(whole(ping('node-2', '10.9.0.1', 1472)), 'delivered'),
  ),
]

/** Two slaves of node-1's eth0, in its two pods: of the node's network in mode L2, of one of their own in the others. */
const [A, B] = ['web-app-frontend-1', 'backend-service-1'] as const
export function slaves(mode: 'l2' | 'l3' | 'l3s'): readonly Edit[] {
  const range = mode === 'l2' ? '192.168.0.9' : '10.5.1.'
  return [
    ...([A, B] as const).flatMap((pod, i): Edit[] => [
      addDev(pod, {
        kind: 'ipvlan',
        name: 'net1',
        link: { netns: 'node-1', dev: 'eth0' },
        mode,
        mac: '0a:00:00:00:00:64',
        mtu: 1500,
        up: true,
        addrs: [`${range}${i + 1}/24` as Cidr],
      }),
      addRoute(
        pod,
        mode === 'l2'
          ? { dst: '203.0.113.0/24', via: '192.168.0.1', dev: 'net1' }
          : { dst: '203.0.113.0/24', dev: 'net1', scope: 'link' },
      ),
    ]),
    // What is not theirs they leave alone, and the outside knows where they are.
    ...(mode === 'l2'
      ? []
      : [addRoute('gateway', { dst: '10.5.1.0/24', via: '192.168.0.100', dev: 'eth0' })]),
  ]
}
const OUT = '203.0.113.10'
const TOLD = 'too-big in gateway, ICMP 3/4 from 192.168.0.1 mtu 1400, gateway IpFragFails'
/** The node is asked for an address that no slave has: it sends it where it came from. */
const ROUND = 'ttl-exceeded in node-1, ICMP 11/0 from 192.168.0.100, node-1 IpInHdrErrors'
/** How the flows end whose end the mode decides. */
const ENDS = {
  l2: {
    ip: (i: number): Address => `192.168.0.9${i}` as Address,
    toNode: `neigh-failed in ${A}, ICMP 3/1 from 192.168.0.91`,
    fromNode: 'neigh-failed in node-1, ICMP 3/1 from 192.168.0.100',
    absent: `neigh-failed in ${A}, ICMP 3/1 from 192.168.0.91`,
    filtered: 'delivered',
    routeless: 'delivered',
    large: 'over-mtu-link in node-1, silent',
    outside: 'neigh-failed in gateway, ICMP 3/1 from 203.0.113.1',
  },
  l3: {
    ip: (i: number): Address => `10.5.1.${i}` as Address,
    toNode: 'delivered',
    fromNode: 'delivered',
    absent: ROUND,
    filtered: 'netfilter in node-1, silent',
    routeless: 'neigh-failed in node-1, silent',
    large: 'too-big in node-1, ICMP 3/4 from 192.168.0.100 mtu 1500, node-1 IpFragFails',
    outside: ROUND,
  },
} as const
function ofMode(mode: 'l2' | 'l3' | 'l3s'): readonly Fault[] {
  const { ip, ...ends } = ENDS[mode === 'l2' ? 'l2' : 'l3']
  const named = (name: string, edits: readonly Edit[], ...flows: readonly Sent[]): Fault =>
    fault(`ipvlan ${mode}: ${name}`, [...slaves(mode), ...edits], ...flows)
  const all = [
    named(
      'nothing is wrong',
      [],
      sent(ping(A, ip(2)), 'delivered'),
      sent(tcp(A, ip(2), 8080), 'delivered'),
      sent(ping(A, OUT), 'delivered'),
      sent(tcp(A, OUT, 443), 'delivered'),
      sent(ping('internet', ip(1)), 'delivered'),
      sent(
        { ...ping(A, OUT), ttl: 1 },
        'ttl-exceeded in gateway, ICMP 11/0 from 192.168.0.1, gateway IpInHdrErrors',
      ),
      sent(whole(ping(A, OUT, 1473)), `message-size in ${A}, silent`),
      sent(cut(ping(A, OUT, 1473)), 'delivered'),
      sent(ping(A, '192.168.0.100'), ends.toNode),
      sent(ping('node-1', ip(1)), ends.fromNode),
      sent(ping(A, ip(7)), ends.absent),
    ),
    named(
      'the node filters all that is its own',
      (['INPUT', 'OUTPUT', 'FORWARD'] as const).map((chain) =>
        rule('node-1', { table: 'filter', chain, proto: 'icmp', target: { type: 'DROP' } }),
      ),
      sent(ping(A, ip(2)), 'delivered'),
      sent(ping(A, OUT), ends.filtered),
    ),
    named(
      'the node translates what leaves',
      [
        rule('node-1', {
          table: 'nat',
          chain: 'POSTROUTING',
          src: mode === 'l2' ? '192.168.0.90/31' : '10.5.1.0/24',
          oif: 'eth0',
          target: { type: 'MASQUERADE' },
        }),
      ],
      sent(ping(A, OUT), 'delivered'),
      sent(tcp(A, OUT, 443), 'delivered'),
    ),
    named(
      'the node has no default route',
      [{ op: 'del', in: 'node-1', table: 'routes', where: { dst: '0.0.0.0/0' } }],
      sent(ping(A, OUT), ends.routeless),
    ),
    named(
      'the link behind the gateway is smaller',
      [setDev('gateway', 'eth1', { mtu: 1400 }), setDev('internet', 'eth0', { mtu: 1400 })],
      sent(whole(ping(A, OUT, 1472)), TOLD),
    ),
    named(
      'the MTU of a slave is larger than its master’s',
      [setDev(A, 'net1', { mtu: 1600 })],
      sent(whole(ping(A, OUT, 1522)), ends.large),
      sent(whole(ping(A, ip(2), 1472)), 'delivered'),
      sent(whole(ping(A, ip(2), 1522)), `over-mtu-link in ${B}, silent`),
    ),
    named(
      'a slave is down',
      [setDev(B, 'net1', { up: false })],
      sent(ping(A, ip(2)), ends.absent),
      sent(ping('internet', ip(2)), ends.outside),
    ),
  ]
  // What is not netfilter's is in L3S as in L3.
  return mode === 'l3s' ? all.slice(0, 3) : all
}

export const LINK_FAULTS: readonly Fault[] = [
  ...VLAN_FAULTS,
  ...(['l2', 'l3', 'l3s'] as const).flatMap(ofMode),
]
