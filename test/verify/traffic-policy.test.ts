import { agreed, type Case } from './small.ts'

/* externalTrafficPolicy: Local. Two nodes on a switch, and a host beyond its gateway; the only endpoint, e1, is on n1. facts/worlds.md, 7.3. */

const FILE =
  '{ packet-walk: 1, network: lan, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: c, node: n1 }, { name: e1, node: n1 }, { name: d, node: n2 }], hosts: [{ name: ext, ip: 203.0.113.10 }], ' +
  'services: [{ name: loc, port: 80, targetPort: 8080, nodePort: 30090, externalTrafficPolicy: Local, pods: [e1] }], ' +
  'edits: [{ op: set, in: n1, table: devs, where: { name: veth1 }, to: { hairpin: true } }] }'
const [NEAR, FAR] = ['192.168.0.10:30090', '192.168.0.11:30090'] as const

const asked = (what: string, from: string, to: string, ends = 'delivered'): Case => ({
  what,
  file: FILE,
  ask: { from, to },
  ends,
})

agreed([
  asked('from outside to the node that has an endpoint', 'ext', NEAR),
  asked('from outside to the one that has none', 'ext', FAR, 'netfilter in n2'),
  asked('the node with the endpoint, itself', 'n1', NEAR),
  asked('the node without, itself', 'n2', FAR),
  asked('a node to the other, for which it is a stranger', 'n1', FAR, 'netfilter in n2'),
  asked('a pod to its own node', 'c', NEAR),
  asked('the endpoint to its own node', 'e1', NEAR),
  asked('a pod of the node without, to that node', 'd', FAR),
])
