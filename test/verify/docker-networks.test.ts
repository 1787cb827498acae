import { agreed, type Case } from './small.ts'

/* Docker's networks: docker0 with an address of its own and no inter-container communication, two that somebody created, and internal ones. */

const OPEN =
  'securityGroups: [{ id: sg-open, ingress: [{ proto: all, peer: 0.0.0.0/0 }], egress: [{ proto: all, peer: 0.0.0.0/0 }] }]'
const file = (edits = ''): string =>
  `{ packet-walk: 1, network: docker-bridge, ${OPEN}, docker: { bip: 10.200.0.5/24, icc: false, networks: [{ name: shop }, { name: db, internal: true }, { name: quiet, internal: true, icc: false, subnet: 10.7.0.0/24 }] },
  nodes: [{ name: h1 }, { name: h2 }],
  pods: [{ name: a, node: h1 }, { name: g, node: h1 }, { name: web, node: h1, networks: [shop], publish: ["8080:8080"] }, { name: app, node: h1, networks: [db, shop] }, { name: sql, node: h1, networks: [db] }, { name: q1, node: h1, networks: [quiet] }, { name: q2, node: h1, networks: [quiet] }, { name: far, node: h2, networks: [bridge, shop] }], edits: [${edits}] }`
const asked = (what: string, from: string, to: string, ends = 'delivered'): Case => ({
  what,
  file: file(),
  ask: { from, to },
  ends,
})
const DROPPED = 'netfilter in h1'
agreed([
  asked('icc: false, on docker0', 'a', '10.200.0.2:8080', DROPPED),
  asked('icc: false, out', 'a', '203.0.113.10:443'),
  asked('in one network', 'web', '172.18.0.3:8080'),
  asked('in another, which is internal', 'app', '172.19.0.3:8080'),
  asked('internal and icc: false', 'q1', '10.7.0.3:8080', DROPPED),
  asked('out of an internal network', 'sql', '203.0.113.10:443', 'no-route in sql'),
  asked('its gateway, which is the host', 'sql', '172.19.0.1'),
  asked('into an internal network', 'web', '172.19.0.3:8080', DROPPED),
  asked('from network to network', 'a', '172.18.0.2:8080', DROPPED),
  asked('from network to network, by what is published', 'a', '192.168.0.10:8080'),
  asked('from host to host, by what is published', 'far', '192.168.0.10:8080'),
  asked('in two networks, out by the one that has a way', 'app', '203.0.113.10:443'),
  {
    ...asked('DOCKER-USER is asked first', 'far', '192.168.0.10:8080', DROPPED),
    file: file(
      '{ op: add, in: h1, table: netfilter, row: { table: filter, chain: DOCKER-USER, iif: eth0, src: 203.0.113.0/24, not: [src], target: { type: DROP } } }',
    ),
  },
])
