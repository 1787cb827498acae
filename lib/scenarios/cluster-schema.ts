import * as v from 'valibot'
import { as, flag, list, object, oneOf, short, whole } from '#lib/topology/problem.ts'
import { cidr, ipv4, text } from '#lib/topology/rows.ts'
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
const publish = v.pipe(as<string>((x) => /^\d{1,5}:\d{1,5}$/.test(x), 'published port', 'write host and container port, such as "8080:80"'), v.transform((x) => {
  const [host, port] = x.split(':').map(Number)
  return { host: host!, port: port! }
}))
const groupId = as<`sg-${string}`>((x) => /^sg-[\w-]+$/.test(x), 'security group', 'its id begins with sg-')
const port = whole(0, 65535, 'port')
const groupRule = object({
  proto: oneOf(['tcp', 'udp', 'icmp', 'all']), peer: v.union([cidr, groupId], (i) => `${short(i.input)} is no peer; write a prefix, such as 0.0.0.0/0, or a group, such as sg-node`),
  ports: opt(v.union([v.pipe(port, v.transform((p): readonly [number, number] => [p, p])), v.tuple([port, port])], (i) => `${short(i.input)} are no ports; write one, or two as [8080, 8081]`)),
})
const row = v.record(v.string(), v.unknown(), (i) => `${short(i.input)} stands where a row belongs; write { key: value }`)
const edit = { in: text, table: text } as const

export const CLUSTER = object({
  'packet-walk': v.literal(1, (i) => `${short(i.input)} is no version; this program reads 1`),
  network: oneOf(NETWORKS),
  name: opt(text),
  podCidr: opt(cidr),
  bridge: opt(oneOf(['docker0', 'cni0'])),
  hairpin: opt(flag),
  mtu: opt(whole(576, 9001, 'MTU')),
  vpc: opt(object({ cidr: opt(cidr), subnets: opt(list(object({ name, cidr }))) })),
  securityGroups: opt(list(object({ id: groupId, ingress: opt(list(groupRule)), egress: opt(list(groupRule)) }))),
  nodes: opt(list(object({ name, ip: opt(ipv4), subnet: opt(name), podCidr: opt(cidr), sourceDestCheck: opt(flag), eth1: opt(ipv4) }))),
  pods: opt(list(object({ name, node: name, ip: opt(ipv4), listen: opt(list(listen)), eni: opt(oneOf(['eth0', 'eth1'])), publish: opt(list(publish)) }))),
  hosts: opt(list(object({ name, ip: ipv4, listen: opt(list(listen)) }))),
  count: opt(whole(1, 10_000, 'number of nodes')),
  namePattern: opt(as<string>((x) => x.split('{n}').length === 2 && NAME.test(x.replace('{n}', '1')), 'pattern of names', 'write {n} where the number goes, such as node-{n}')),
  podsPerNode: opt(whole(0, 250, 'number of pods')),
  edits: opt(list(v.variant('op', [
    object({ op: v.literal('add'), ...edit, row }),
    object({ op: v.literal('del'), ...edit, where: row }),
    object({ op: v.literal('set'), ...edit, where: row, to: row }),
  ], (i) => `${short(i.input)} is no op; write add, del or set`))),
})
export type ClusterFile = v.InferOutput<typeof CLUSTER>
