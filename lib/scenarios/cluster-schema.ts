import * as v from 'valibot'
import { as, flag, list, object, oneOf, short, whole } from '#lib/topology/problem.ts'
import { ipv4, network, ports, text } from '#lib/topology/rows.ts'
import type { Listen } from './cluster.ts'

/* The cluster file, version 1: what a person may write. Everything but the version and the network has a default. */

const opt = v.exactOptional
export const NETWORKS = ['docker-bridge', 'flannel-udp', 'flannel-vxlan', 'flannel-host-gw', 'vpc-cni'] as const
export type Network = (typeof NETWORKS)[number]

const NAME = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/
const name = as<string>((x) => NAME.test(x), 'name', 'use lower-case letters, digits, - and ., up to 63 characters')
const LISTEN = /^(tcp|udp)\/([1-9]\d{0,4})$/
const listen = v.pipe(as<string>((x) => Number(LISTEN.exec(x)?.[2] ?? 65536) < 65536, 'listener', 'write protocol and port, such as tcp/8080'), v.transform((x): Listen => {
  const [, proto, port] = LISTEN.exec(x)!
  return { proto: proto as Listen['proto'], port: Number(port) }
}))
const PUBLISH = /^([1-9]\d{0,4}):([1-9]\d{0,4})$/
const publish = v.pipe(as<string>((x) => (PUBLISH.exec(x) ?? ['', 65536]).slice(1).every((p) => Number(p) < 65536), 'published port', 'write host and container port, such as "8080:80"'), v.transform((x) => {
  const [host, port] = x.split(':').map(Number)
  return { host: host!, port: port! }
}))
const groupId = as<`sg-${string}`>((x) => /^sg-[\w-]+$/.test(x), 'security group', 'its id begins with sg-')
const port = whole(0, 65535, 'port')
const servicePort = whole(1, 65535, 'port')
const groupRule = v.pipe(object({
  proto: oneOf(['tcp', 'udp', 'icmp', 'all']), peer: v.union([network, groupId], (i) => `${short(i.input)} is no peer; write a prefix, such as 0.0.0.0/0, or a group, such as sg-node`),
  ports: opt(v.union([v.pipe(port, v.transform((p): readonly [number, number] => [p, p])), ports], (i) => `${short(i.input)} are no ports; write one, or two as [8080, 8081]`)),
}), v.check((r) => r.ports === undefined || r.proto === 'tcp' || r.proto === 'udp', (i) => `${i.input.proto} has no ports; leave them out, or write tcp or udp`))
const row = v.record(v.string(), v.unknown(), (i) => `${short(i.input)} stands where a row belongs; write { key: value }`)
const edit = { in: text, table: text } as const

export const CLUSTER = object({
  'packet-walk': v.literal(1, (i) => `${short(i.input)} is no version; this program reads 1`),
  network: oneOf(NETWORKS),
  name: opt(text),
  podCidr: opt(network),
  bridge: opt(oneOf(['docker0', 'cni0'])),
  hairpin: opt(flag),
  mtu: opt(whole(576, 9001, 'MTU')),
  vpc: opt(object({ cidr: opt(network), subnets: opt(list(object({ name, cidr: network }))) })),
  securityGroups: opt(list(object({ id: groupId, ingress: opt(list(groupRule)), egress: opt(list(groupRule)) }))),
  nodes: opt(list(object({ name, ip: opt(ipv4), subnet: opt(name), podCidr: opt(network), sourceDestCheck: opt(flag), eth1: opt(ipv4) }))),
  pods: opt(list(object({ name, node: name, ip: opt(ipv4), listen: opt(list(listen)), eni: opt(oneOf(['eth0', 'eth1'])), publish: opt(list(publish)) }))),
  hosts: opt(list(object({ name, ip: ipv4, listen: opt(list(listen)) }))),
  count: opt(whole(1, 10_000, 'number of nodes')),
  namePattern: opt(as<string>((x) => x.split('{n}').length === 2 && NAME.test(`${x.replace('{n}', '10000')}-pod-250`), 'pattern of names', 'write {n} where the number goes, such as node-{n}; with number and pod a name has up to 63 characters')),
  podsPerNode: opt(whole(0, 250, 'number of pods')),
  serviceCidr: opt(network),
  services: opt(list(object({
    name, ip: opt(ipv4), port: servicePort, portName: opt(name), targetPort: opt(servicePort), protocol: opt(oneOf(['tcp', 'udp'])), pods: opt(list(name)),
    nodePort: opt(whole(30_000, 32_767, 'node port')),
  }))),
  edits: opt(list(v.variant('op', [
    object({ op: v.literal('add'), ...edit, row }),
    object({ op: v.literal('del'), ...edit, where: row }),
    object({ op: v.literal('set'), ...edit, where: row, to: row }),
  ], (i) => `${short(i.input)} is no op; write add, del or set`))),
})
export type ClusterFile = v.InferOutput<typeof CLUSTER>
