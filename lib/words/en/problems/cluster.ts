import { says } from './sentence.ts'
import { ONCE, type OnceOf } from './things.ts'

const outside = (): string => 'a host is outside, such as 203.0.113.10'
const ownRange = (): string => 'give it a range of its own'
const addressOfIt = (): string => 'choose an address of it'

/** A cluster file. */
export const CLUSTER = {
  name: says(
    (x: string) => `${x} is no name`,
    () => 'use lower-case letters, digits, - and ., up to 63 characters',
  ),
  listener: says(
    (x: string) => `${x} is no listener`,
    () => 'write protocol and port, such as tcp/8080',
  ),
  published: says(
    (x: string) => `${x} is no published port`,
    () => 'write host and container port, such as "8080:80", "5353:53/udp" or "127.0.0.1:8080:80"',
  ),
  'published-address': says(
    (ip: string, node: string, _there: string) =>
      `${ip} is no address of ${node}: Docker says “cannot assign requested address”`,
    (_ip, _node, there) => `there are ${there}`,
  ),
  ports: says(
    (x: string) => `${x} are no ports`,
    () => 'write one, or two as [8080, 8081]',
  ),
  'no-ports': says(
    (proto: string) => `${proto} has no ports`,
    () => 'leave them out, or write tcp or udp',
  ),
  'name-pattern': says(
    (x: string) => `${x} is no pattern of names`,
    () =>
      'write {n} where the number goes, such as node-{n}; with number and pod a name has up to 63 characters',
  ),
  op: says(
    (x: string) => `${x} is no op`,
    () => 'write add, del or set',
  ),
  'no-ranges': says(
    (network: string) => `${network} leases no ranges to nodes`,
    () => 'leave it out, or choose a flannel network',
  ),
  'no-vpc-between': says(
    (network: string) => `${network} has a switch between its nodes, and no VPC`,
    () => 'leave it out, or choose a network in a VPC',
  ),
  'no-docker-proxy': says(
    (network: string) => `${network} has no docker-proxy`,
    () => 'leave it out, or choose docker-bridge',
  ),
  'no-docker': says(
    (network: string) => `${network} has no Docker on its nodes`,
    () => 'leave it out, or choose docker-bridge',
  ),
  bip: says(
    (x: string) => `${x} is no address that docker0 can have`,
    () => 'write one of a range of four or more, such as 10.200.0.1/24',
  ),
  'no-pool': says(
    () => 'Docker says: could not find an available, non-overlapping IPv4 address pool',
    () => 'write a subnet',
  ),
  'no-networks': says(
    () => 'a container is in one network at least',
    () => 'write bridge, or leave it out',
  ),
  'unknown-network': says(
    (x: string, _there: string) => `no network is called ${x}`,
    (_x, there) => `there are ${there}`,
  ),
  'outside-network': says(
    (ip: string, name: string, range: string) => `${ip} is outside ${name}’s ${range}`,
    addressOfIt,
  ),
  'network-reserved': says(
    (ip: string, name: string, _own: string) => `${ip} is no container’s in ${name}`,
    (_ip, _name, own) => `choose another address than the first, the last and the gateway’s ${own}`,
  ),
  'internal-publish': says(
    () => 'in internal networks alone nothing is published',
    () => 'leave it out, or add a network that is not internal',
  ),
  'no-vpc-cni': says(
    (network: string) => `${network} is not the VPC CNI`,
    () => 'leave it out, or choose vpc-cni',
  ),
  'run-by-others': says(
    (network: string) => `on ${network} AWS sets it`,
    () => 'leave it out, or choose vpc-cni',
  ),
  'one-pod': says(
    (node: string, pod: string, network: string) =>
      `${node} has ${pod}, and on ${network} a machine has one pod`,
    () => 'give it a node of its own',
  ),
  'pod-is-node': says(
    (ip: string, node: string, own: string) => `${ip} is not the address of ${node}, ${own}`,
    () => 'leave it out: the pod has the address of its machine',
  ),
  'no-pod': says(
    (node: string, network: string) =>
      `${node} has no pod, and on ${network} there is a machine where there is a pod`,
    () => 'leave it out, or add a pod',
  ),
  'no-encapsulation': says(
    (network: string) => `${network} carries packets in one way`,
    () => 'leave it out, or choose encapsulations',
  ),
  'no-cni0': says(
    (network: string) => `${network} has no cni0`,
    () => 'leave it out, or choose a flannel network',
  ),
  'no-bridge': says(
    (network: string) => `${network} has no bridge: pods are routed to`,
    () => 'leave it out, or choose a flannel network',
  ),
  'only-count': says(
    () => 'only count makes nodes',
    () => 'write count, or leave it out',
  ),
  'count-alone': says(
    () => 'count makes nodes, pods and their addresses',
    () => 'leave out one of the two',
  ),
  'no-nodes': says(
    () => 'missing',
    () => 'list at least one node, or write count',
  ),
  'special-range': says(
    (range: string) => `no machine has an address of ${range}`,
    () => 'choose a private range, such as 10.1.0.0/16',
  ),
  'special-address': says(
    (ip: string) => `no machine has the address ${ip}`,
    () => 'choose another, such as 203.0.113.10',
  ),
  'host-in-vpc': says((ip: string, vpc: string) => `${ip} is inside the VPC ${vpc}`, outside),
  'host-in-pods': says((ip: string, range: string) => `${ip} is inside podCidr ${range}`, outside),
  'host-in-counted': says(
    (ip: string) => `${ip} is inside 10.0.0.0/8, where the pods are`,
    outside,
  ),
  'host-in-services': says(
    (ip: string, range: string) => `${ip} is inside serviceCidr ${range}`,
    outside,
  ),
  'host-in-docker': says(
    (ip: string, range: string) => `${ip} is inside docker0’s ${range}`,
    outside,
  ),
  'host-is-node': says(
    (ip: string, node: string) => `${ip} is the public address of ${node}`,
    () => 'give it an address of its own',
  ),
  'host-clash': says(
    (name: string) => `${name} has the name or the range of a node`,
    () => 'give it its own',
  ),
  'docker-range': says(
    (range: string, vpc: string) =>
      `${vpc} overlaps docker0’s ${range}, which every Docker host has`,
    () => 'choose another range for the VPC, such as 192.168.0.0/16',
  ),
  'no-groups': says(
    () => 'an ENI carries at least one',
    () => 'list one, or leave the key out',
  ),
  'unknown-group': says(
    (id: string, _there: string) => `no group is called ${id}`,
    (_, there) => `there are ${there}`,
  ),
  'no-node-groups': says(
    () => 'every group is a pod’s, and the nodes’ ENIs carry none',
    () => 'list one that no pod has',
  ),
  'no-pod-groups': says(
    (network: string) => `pods of ${network} have no security groups of their own`,
    () => 'write network: sg-per-pod',
  ),
  'no-eni-config': says(
    (network: string) => `${network} has no custom networking`,
    () => 'write network: vpc-cni',
  ),
  'eni-config-era': says(
    (version: string) =>
      `version ${version} of the plugin reads no ENIConfig, which came with v1.2.1`,
    () => 'write v1.3 or a later one',
  ),
  'pod-on-primary': says(
    () => 'with custom networking no pod has an address of the primary ENI',
    () => 'write eth1, or leave the key out',
  ),
  'pod-on-trunk': says(
    () => 'eth1 is a trunk, which carries no pod’s address',
    () => 'write eth0, or give the pod securityGroups',
  ),
  'unknown-instance': says(
    (type: string) => `${type} is no instance type known here`,
    () => 'write one of the families t2, t3, t4g, m4 to m7, c5 to c7, r5 and r6, such as m5.large',
  ),
  'no-trunk': says(
    (type: string) =>
      `The instance type ${type} is not supported for trunk interface (Security Group for Pods)`,
    () => 'take one that is, such as m5.large, or take securityGroups from its pods',
  ),
  branches: says(
    (type: string, n: number, most: number) =>
      `${n} pods have security groups, and ${type} has ${most} branch interfaces (vpc.amazonaws.com/pod-eni)`,
    () => 'put some on another node, or take a larger type',
  ),
  enis: says(
    (type: string, n: number, most: number) =>
      `its pods need ${n} network interfaces, and ${type} has ${most}`,
    () => 'put some on another node, or take a larger type',
  ),
  'two-enis': says(
    (eni: string, network: string) => `a node of ${network} has no ${eni}`,
    () => 'write eth0 or eth1',
  ),
  'eni-addresses': says(
    (type: string, n: number, eni: string, most: number) =>
      `${n} pods have addresses of ${eni}, which bears ${most} besides its own on ${type}`,
    () => 'put some on another ENI or node, or take a larger type',
  ),
  'small-subnet': says(
    (range: string) => `${range} is too small`,
    () => 'a subnet has at most /28',
  ),
  'range-outside-vpc': says(
    (range: string, vpc: string) => `${range} is outside the VPC ${vpc}`,
    () => 'choose a part of it',
  ),
  'range-outside-pods': says(
    (range: string, pods: string) => `${range} is outside podCidr ${pods}`,
    () => 'choose a part of it',
  ),
  'small-range': says(
    (range: string) => `${range} is too small for a bridge and a pod`,
    () => 'make it /30 or larger',
  ),
  'no-range-left': says(
    (range: string) => `podCidr ${range} has no /24 left`,
    () => 'make it larger',
  ),
  overlap: says((range: string, other: string) => `${range} overlaps ${other}`, ownRange),
  'unknown-subnet': says(
    (name: string, _there: string) => `no subnet is called ${name}`,
    (_, there) => `there are ${there}`,
  ),
  'in-no-subnet': says(
    (ip: string, _there: string) => `${ip} is in no subnet`,
    (_, there) => `choose an address of ${there}`,
  ),
  'outside-subnet': says(
    (ip: string, subnet: string, range: string) => `${ip} is outside subnet ${subnet} (${range})`,
    addressOfIt,
  ),
  'subnet-reserved': says(
    (ip: string, range: string, _first: string) =>
      `${ip} is one of the five that AWS keeps in ${range}`,
    (_ip, _range, first) => `choose ${first} or a later one`,
  ),
  'subnet-full': says(
    (subnet: string, range: string) => `subnet ${subnet} (${range}) has no address left`,
    () => 'make it larger',
  ),
  'subnet-full-eni': says(
    (subnet: string, range: string) =>
      `subnet ${subnet} (${range}) has no address left for a second ENI`,
    () => 'make it larger',
  ),
  twice: says(
    (value: string, first: string, _what: OnceOf) => `${value} is ${first} already`,
    (_value, _first, what) => `give it ${ONCE[what]} of its own`,
  ),
  'port-twice': says(
    (proto: string, port: number, ip: string, node: string, first: string) =>
      `${proto} port ${port}${ip === '' ? '' : ` of ${ip}`} of ${node} is ${first} already`,
    () => 'give it a port of its own',
  ),
  'publish-ipv6': says(
    (x: string) => `IPv6 (${x}) is not modelled`,
    () => 'publish on an IPv4 address, such as 127.0.0.1:8080:80',
  ),
  'publish-range': says(
    (x: string) => `a range of ports (${x}) is not modelled`,
    () => 'publish each port by itself',
  ),
  'publish-protocol': says(
    (proto: string, _tcp: string, _udp: string) => `protocol ${proto} is not modelled`,
    (_, tcp, udp) => `write ${tcp} or ${udp}`,
  ),
  'unknown-node': says(
    (name: string, _there: string) => `no node is called ${name}`,
    (_, there) => `there are ${there}`,
  ),
  'range-full': says(
    (range: string, node: string) => `${range} has no address left for another pod on ${node}`,
    () => 'put it on another node',
  ),
  'outside-range': says(
    (ip: string, node: string, range: string) => `${ip} is outside ${node}’s range ${range}`,
    addressOfIt,
  ),
  'range-reserved': says(
    (ip: string, whose: string, range: string, _first: string) => `${ip} is ${whose} in ${range}`,
    (_ip, _whose, _range, first) => `choose ${first} or a later one`,
  ),
  'no-pod-eni': says(
    (network: string) => `${network} gives pods no addresses of an ENI`,
    () => 'leave it out, or choose vpc-cni',
  ),
  'one-eni': says(
    (network: string) => `${network} uses one ENI`,
    () => 'leave it out, or choose vpc-cni',
  ),
  'no-publish': says(
    (network: string) => `${network} publishes no ports`,
    () => 'leave it out, or choose docker-bridge, or a flannel network with bridge: cni0',
  ),
  'counted-pods': says(
    (count: number, each: number, all: number, most: number) =>
      `${count} nodes with ${each} pods each have ${all}; a cluster has at most ${most} pods`,
    () => 'take fewer',
  ),
  'no-kube-proxy': says(
    () => 'docker-bridge has no kube-proxy',
    () => 'leave it out, or choose another network',
  ),
  'strict-arp': says(
    () => 'strictARP is of IPVS mode: only there are the addresses of Services on a device',
    () => 'write mode: ipvs, or leave it out',
  ),
  'affinity-none': says(
    () => 'sessionAffinityConfig is of sessionAffinity: ClientIP',
    () => 'write that too, or leave it out',
  ),
  'affinity-ipvs': says(
    () => 'session affinity in IPVS mode (ipvsadm -p) is not modelled',
    () => 'leave it out, or write mode: iptables',
  ),
  'service-range': says(
    (range: string, other: string, value: string) => `${range} overlaps ${other} ${value}`,
    ownRange,
  ),
  'service-full': says(
    (range: string) => `serviceCidr ${range} has no address left`,
    () => 'make it larger',
  ),
  'service-in-pods': says(
    (ip: string, range: string, _services: string) => `${ip} is inside the pod range ${range}`,
    (_ip, _range, services) => `choose an address of serviceCidr ${services}`,
  ),
  'service-in-vpc': says(
    (ip: string, range: string, _services: string) => `${ip} is inside the VPC ${range}`,
    (_ip, _range, services) => `choose an address of serviceCidr ${services}`,
  ),
  'service-outside': says(
    (ip: string, range: string) => `${ip} is outside serviceCidr ${range}`,
    addressOfIt,
  ),
  'service-edge': says(
    (ip: string, which: string, range: string) =>
      `${ip} is the ${which} of serviceCidr ${range} and not given out`,
    () => 'choose another',
  ),
  'service-address': says(
    (name: string, ip: string, first: string) => `${name} has ${ip} in ${first}`,
    () => 'a Service has one address, so write that or another name',
  ),
  'port-name': says(
    (_name: string) => 'missing',
    (name) => `${name} has several ports, so each needs a name, such as http`,
  ),
  'unknown-pod': says(
    (name: string, _there: string) => `no pod is called ${name}`,
    (_, there) => `there are ${there}`,
  ),
} as const
