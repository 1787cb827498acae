import { describe, expect, it } from 'vitest'
import { resolveFlow, type FlowQuestion } from '#lib/worlds/cluster/resolve.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const ask = (id: string, q: FlowQuestion) => resolveFlow(SCENARIOS[id]!.topology, q)
describe('resolveFlow', () => {
  it.each<[string, FlowQuestion, object]>([
    [
      'flannel-vxlan',
      { from: 'web-app-frontend-1', to: 'backend-service-2' },
      { to: '10.1.20.3', proto: 'icmp', dport: 0, size: 56, ttl: 64 },
    ],
    [
      'flannel-vxlan',
      { from: 'web-app-frontend-1', to: 'backend-service-2:8080' },
      { to: '10.1.20.3', proto: 'tcp', dport: 8080, size: 33 },
    ],
    ['flannel-vxlan', { from: 'web-app-frontend-1', to: 'node-2' }, { to: '192.168.0.200' }],
    [
      'flannel-udp',
      { from: 'node-1', to: '10.1.20.3:53', proto: 'udp', size: 100, df: true },
      { to: '10.1.20.3', proto: 'udp', dport: 53, size: 100, df: true },
    ],
    [
      'flannel-udp',
      { from: 'node-1', to: '10.1.20.3:8080', sport: 8285 },
      { sport: 8285, dport: 8080, proto: 'tcp' },
    ],
    ['vpc-cni', { from: 'web-app-frontend-1', to: 'metrics-2:9100' }, { to: '192.168.0.201' }],
    [
      'vpc-cni',
      { from: 'web-app-frontend-1', to: 'backend:80', draw: 3 },
      { to: '10.96.0.50', dport: 80, proto: 'tcp', draw: 3 },
    ],
    [
      'docker-bridge',
      { from: 'internet', to: 'node-1:8080' },
      { to: '198.51.100.100', dport: 8080 },
    ],
  ])('%s %j', (id, q, flow) => expect(ask(id, q)).toMatchObject(flow))
  it.each<[FlowQuestion, RegExp]>([
    [
      { from: 'frontend-1', to: 'node-1' },
      /^from: nothing is called "frontend-1"; there are web-app-frontend-1, /,
    ],
    [
      { from: 'node-1', to: 'back' },
      /^to: nothing is called "back"; there are backend-service-1, backend-service-2, backend, .*or an IPv4 address$/,
    ],
    [
      { from: 'backend', to: 'node-1' },
      /^from: nothing is called "backend"; there are (?!.* backend[, ]).*$/,
    ],
    [{ from: 'node-1', to: 'backend:80', draw: -1 }, /^draw: -1 is out of range/],
    [{ from: 'node-1', to: '10.1.20' }, /is no IPv4 address/],
    [
      { from: 'node-1', to: 'node-2:http' },
      /"http" is no port; a port is a number from 1 to 65535/,
    ],
    [{ from: 'node-1', to: 'node-2:70000' }, /is no port/],
    [{ from: 'node-1', to: 'node-2', proto: 'tcp' }, /tcp needs a port; write node-2:8080/],
    [{ from: 'node-1', to: 'node-2:80', proto: 'icmp' }, /ICMP has no ports/],
    [
      { from: 'node-1', to: 'node-2', ttl: 0 },
      /ttl: 0 is out of range; a whole number from 1 to 255/,
    ],
    [{ from: 'node-1', to: 'node-2', size: -1 }, /size: -1 is out of range/],
    [
      { from: 'node-1', to: 'node-2:80', size: 0 },
      /size: 0 is out of range; a whole number from 1 to/,
    ],
    [
      { from: 'node-1', to: 'node-2', sport: 7 },
      /^sport: an echo has no port; leave it out, or choose tcp or udp$/,
    ],
    [
      { from: 'node-1', to: 'node-2:80', sport: 65_536 },
      /^sport: 65536 is out of range; a whole number from 1 to 65535$/,
    ],
    [
      { from: 'backend-service-1', to: 'node-2:80', sport: 8080 },
      /^sport: backend-service-1 has tcp 8080 already, for backend-service-1; choose another port$/,
    ],
    [
      { from: 'node-1', to: 'node-2:80', proto: 'udp', sport: 8472 },
      /^sport: node-1 has udp 8472 already, for flannel.1; choose another port$/,
    ],
    ...['node-1', '127.0.0.1', '127.0.0.9'].map((to): [FlowQuestion, RegExp] => [
      { from: 'node-1', to: `${to}:5000`, sport: 5000 },
      /^sport: a connection from port 5000 to itself is not modelled; choose another port$/,
    ]),
    [{ from: 'vpc', to: 'node-2' }, /nothing is called "vpc"/],
  ])('%j is refused', (q, message) => {
    expect(() => ask('flannel-vxlan', q)).toThrow(RangeError)
    expect(() => ask('flannel-vxlan', q)).toThrow(message)
  })
})
