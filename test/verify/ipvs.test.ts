import { agreed, type Case } from './small.ts'
import { virtualFile } from './virtual.ts'

/* IPVS, which the running kernel may lack: then User-Mode Linux is asked. facts/worlds.md, 7.2. */

const to = (
  what: string,
  ask: Case['ask'],
  {
    ends = 'delivered',
    more = '',
    flow = {},
  }: { ends?: string; more?: string; flow?: Case['flow'] } = {},
): Case => ({ what, file: virtualFile(more), ask, flow, ends })

agreed([
  to('a remote real server', { from: 'c', to: '10.96.0.10:80' }),
  to('two take turns: the first', { from: 'c', to: '10.96.0.11:80' }),
  to('two take turns: the second', { from: 'c', to: '10.96.0.11:80', draw: 1 }),
  to(
    'its own real server',
    { from: 'e1', to: '10.96.0.11:80' },
    { more: ', { op: set, in: n1, table: devs, where: { name: veth1 }, to: { hairpin: true } }' },
  ),
  to('the node itself', { from: 'n1', to: '10.96.0.10:80' }),
  to('from another node to a node port', { from: 'n2', to: '192.168.0.10:30080' }),
  to(
    'nobody behind it',
    { from: 'c', to: '10.96.0.12:80' },
    { ends: 'ipvs-no-server in n1, ICMP 3/3' },
  ),
  to(
    'nobody behind it, for the node',
    { from: 'n1', to: '10.96.0.12:80' },
    { ends: 'ipvs-no-server in n1, ICMP 3/3' },
  ),
  to('another port', { from: 'c', to: '10.96.0.10:81' }, { ends: 'no-socket in n1' }),
  to('a ping', { from: 'c', to: '10.96.0.10' }),
  to(
    'TTL 1',
    { from: 'c', to: '10.96.0.10:80' },
    { flow: { ttl: 1 }, ends: 'ttl-exceeded in n1, ICMP 11/0' },
  ),
  to(
    'TTL 2: the quote is turned back',
    { from: 'c', to: '10.96.0.10:80' },
    { flow: { ttl: 2 }, ends: 'ttl-exceeded in n2, ICMP 11/0' },
  ),
  to(
    'a DROP in FORWARD meets the answer only',
    { from: 'c', to: '10.96.0.10:80' },
    {
      more: ', { op: add, in: n1, table: chains, row: { table: filter, chain: FORWARD, policy: DROP } }',
      ends: 'netfilter in n1',
    },
  ),
  to(
    'a smaller link to the real server',
    { from: 'c', to: '10.96.0.10:80' },
    {
      more: ', { op: set, in: n1, table: routes, where: { dst: 10.1.2.0/24 }, to: { mtu: 1400 } }',
      flow: { size: 1400 },
    },
  ),
])
