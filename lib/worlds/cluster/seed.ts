import type { Flow } from '#lib/trace/flow.ts'
import { NODE_GROUP, type ClusterSpec, type HostSpec, type NodeSpec, type PodSpec } from './spec.ts'

/** The seed article's two nodes, four pods and the internet: what every world starts from. */
export const NODES: readonly NodeSpec[] = [
  {
    name: 'node-1',
    ip: '192.168.0.100',
    subnet: 'a',
    podCidr: '10.1.15.0/24',
    publicIp: '198.51.100.100',
  },
  {
    name: 'node-2',
    ip: '192.168.0.200',
    subnet: 'a',
    podCidr: '10.1.20.0/24',
    publicIp: '198.51.100.200',
  },
]
const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
export const PODS: readonly PodSpec[] = [
  { name: 'web-app-frontend-1', node: 'node-1', ip: '10.1.15.2', listen: TCP_8080 },
  { name: 'backend-service-1', node: 'node-1', ip: '10.1.15.3', listen: TCP_8080 },
  { name: 'web-app-frontend-2', node: 'node-2', ip: '10.1.20.2', listen: TCP_8080 },
  { name: 'backend-service-2', node: 'node-2', ip: '10.1.20.3', listen: TCP_8080 },
]
export const HOSTS: readonly HostSpec[] = [
  { name: 'internet', ip: '203.0.113.10', listen: [{ proto: 'tcp', port: 443 }] },
]
export const POD_NETWORK = '10.1.0.0/16'
export const SEED: ClusterSpec = {
  vpc: '192.168.0.0/16',
  subnets: [{ name: 'a', cidr: '192.168.0.0/24' }],
  groups: NODE_GROUP,
  mtu: 1500,
  nodes: NODES,
  pods: PODS,
  hosts: HOSTS,
}

/** A TCP connection: 33 bytes of request, as the labs' captures have. */
export function tcp(from: string, to: Flow['to'], dport: number): Flow {
  return { from, to, proto: 'tcp', dport, size: 33, ttl: 64 }
}

/** An echo of 56 bytes. */
export function ping(from: string, to: Flow['to'], size = 56): Flow {
  return { from, to, proto: 'icmp', dport: 0, size, ttl: 64 }
}

/** Bytes of an echo that goes in three fragments wherever the MTU is about 1500. */
export const LARGE = 3000
