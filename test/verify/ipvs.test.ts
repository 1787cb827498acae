import { agreed, type Case } from './small.ts'
import { virtualFile } from './virtual.ts'

/* kube-proxy's IPVS mode, which the running kernel may lack: then User-Mode Linux is asked. facts/worlds.md, 7.2. */

const listens = '{ op: add, in: n1, table: sockets, row: { proto: tcp, port: 9999, program: any } }'
/** Packets of the Services' range are brought to the first node. */
const routed =
  '{ op: add, in: gateway, table: routes, row: { table: main, dst: 10.96.0.0/12, via: 192.168.0.10, dev: eth0 } }'

interface Asked {
  readonly ends?: string
  readonly edits?: readonly string[]
  readonly proxy?: string
  readonly flow?: Case['flow']
}
const to = (
  what: string,
  ask: Case['ask'],
  { ends = 'delivered', edits = [listens, routed], proxy = '', flow = {} }: Asked = {},
): Case => ({ what, file: virtualFile(edits, proxy), ask, flow, ends })
const add = (table: string, row: string, name = 'n1'): string =>
  `{ op: add, in: ${name}, table: ${table}, row: { ${row} } }`
const NOBODY = { ends: 'ipvs-no-server in n1, ICMP 3/3' } as const
const [FAR, BOTH, NONE] = ['10.96.0.10:80', '10.96.0.11:80', '10.96.0.12:80'] as const

const drops = (hook: string): string => add('chains', `table: filter, chain: ${hook}, policy: DROP`)
const rejects = add(
  'netfilter',
  'table: filter, chain: INPUT, ctstate: [NEW], sets: [{ name: KUBE-IPVS-IPS, flags: dst }], target: { type: REJECT, with: icmp-port-unreachable }',
)
const returns = add(
  'netfilter',
  'table: filter, chain: INPUT, sets: [{ name: KUBE-CLUSTER-IP, flags: "dst,dst" }], target: { type: ACCEPT }',
)
const filtered = { edits: [returns, rejects], ends: 'netfilter-reject in n1, ICMP 3/3' } as const
const onLink = add('routes', 'table: main, dst: 10.96.0.10/32, dev: eth0, scope: link', 'gateway')

agreed([
  to('a remote real server', { from: 'c', to: FAR }),
  to('one on the same node', { from: 'c', to: '10.96.0.13:80' }),
  to('two take turns: the first', { from: 'c', to: BOTH }),
  to('its own real server', { from: 'e1', to: '10.96.0.13:80' }),
  to('the node itself', { from: 'n1', to: FAR }),
  to('the node itself, to its own pod', { from: 'n1', to: '10.96.0.13:80' }),
  to('from another node to a node port', { from: 'n2', to: '192.168.0.10:30080' }),
  to('from outside to a node port', { from: 'ext', to: '192.168.0.10:30080' }),
  to('from outside to a node port that keeps to its node', {
    from: 'ext',
    to: '192.168.0.10:30082',
  }),
  to('nobody behind it', { from: 'c', to: NONE }, NOBODY),
  to('nobody behind it, for the node', { from: 'n1', to: NONE }, NOBODY),
  to('nobody behind a node port', { from: 'n2', to: '192.168.0.10:30081' }, NOBODY),
  to('another port', { from: 'c', to: '10.96.0.10:81' }, { ends: 'no-socket in n1' }),
  to('a ping', { from: 'c', to: '10.96.0.10' }),
  to('TTL 1', { from: 'c', to: FAR }, { flow: { ttl: 1 }, ends: 'ttl-exceeded in n1, ICMP 11/0' }),
  to(
    'TTL 2: the quote is turned back',
    { from: 'c', to: FAR },
    { flow: { ttl: 2 }, ends: 'ttl-exceeded in n2, ICMP 11/0' },
  ),
  to('two take turns: the second', { from: 'c', to: BOTH }, { flow: { draw: 1 } }),
  to('a process of the node that listens everywhere', { from: 'c', to: '10.96.0.10:9999' }),
  to('an address brought to the node', { from: 'ext', to: FAR }),
  to(
    'a DROP in FORWARD meets the answer only',
    { from: 'c', to: FAR },
    {
      edits: ['{ op: del, in: n1, table: netfilter, where: { chain: FORWARD } }', drops('FORWARD')],
      ends: 'netfilter in n1',
    },
  ),
  to(
    'a DROP in INPUT stops the request',
    { from: 'c', to: FAR },
    { edits: [drops('INPUT')], ends: 'netfilter in n1' },
  ),
  to('KUBE-IPVS-FILTER: another port', { from: 'c', to: '10.96.0.10:81' }, filtered),
  to('KUBE-IPVS-FILTER: a ping', { from: 'c', to: '10.96.0.10' }, filtered),
  to('KUBE-IPVS-FILTER', { from: 'c', to: FAR }, { edits: [returns, rejects] }),
  to(
    'a smaller link to the real server',
    { from: 'c', to: FAR },
    {
      edits: ['{ op: set, in: n1, table: routes, where: { dst: 10.1.2.0/24 }, to: { mtu: 1400 } }'],
      flow: { size: 1400 },
    },
  ),
  to(
    'strictARP: nobody answers for a Service',
    { from: 'gateway', to: '10.96.0.10' },
    { edits: [onLink], proxy: ', strictARP: true', ends: 'neigh-failed in gateway, ICMP 3/1' },
  ),
])
