import * as v from 'valibot'
import { EDITS, FEW, GROUPS, HOSTS, SERVICES, SUBNETS } from '#lib/topology/bounds.ts'
import { isCidr, type Cidr } from '#lib/wire/addr.ts'
import { as, flag, list, object, oneOf, short, tell, whole } from '#lib/topology/problem.ts'
import { groupId, ipv4, network, peeringId, ports, spaceName, title } from '#lib/topology/schema.ts'
import { WORLD_IDS, WORLDS } from '#lib/worlds/index.ts'
import { DOCKER_VERSIONS } from '#lib/worlds/docker-bridge/networks.ts'
import { ENCAPSULATIONS } from '#lib/worlds/encapsulations/kinds.ts'
import { ERA_IDS } from '#lib/worlds/vpc-cni/eras.ts'
import type { EniDev, Listen } from './spec.ts'
import { publish } from './publish.ts'

/* The cluster file, version 1: what a person may write. Everything but the version and the network has a default. */

const opt = v.exactOptional
/** The largest of all networks; fill() knows the file's own. */
const most = (key: 'nodes' | 'pods' | 'podsPerNode'): number =>
  Math.max(...WORLDS.map((w) => w.limits[key]))

/** AWS attaches 15 at most to a network card. */
const ENI_DEVS = Array.from({ length: 15 }, (_, i): EniDev => `eth${i}`)
const NAME = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/
const name = as<string>((x) => NAME.test(x), 'name')
const LISTEN = /^(tcp|udp)\/([1-9]\d{0,4})$/
const listen = v.pipe(
  as<string>((x) => Number(LISTEN.exec(x)?.[2] ?? 65536) < 65536, 'listener'),
  v.transform((x): Listen => {
    const [, proto, port] = LISTEN.exec(x)!
    return { proto: proto as Listen['proto'], port: Number(port) }
  }),
)
const port = whole(0, 65535, 'port')
const servicePort = whole(1, 65535, 'port')
const groupRule = v.pipe(
  object({
    proto: oneOf(['tcp', 'udp', 'icmp', 'all']),
    peer: v.union([network, groupId], (i) => tell('peer', short(i.input))),
    ports: opt(
      v.union(
        [
          v.pipe(
            port,
            v.transform((p): readonly [number, number] => [p, p]),
          ),
          ports,
        ],
        (i) => tell('ports', short(i.input)),
      ),
    ),
  }),
  v.check(
    (r) => r.ports === undefined || r.proto === 'tcp' || r.proto === 'udp',
    (i) => tell('no-ports', i.input.proto),
  ),
)
const row = v.custom<Readonly<Record<string, unknown>>>(
  (x) => typeof x === 'object' && x !== null && !Array.isArray(x),
  (i) => tell('row', short(i.input)),
)
const edit = { in: spaceName, table: v.string((i) => tell('text', short(i.input))) } as const

export const CLUSTER = object({
  'packet-walk': v.literal(1, (i) => tell('version', short(i.input))),
  network: oneOf(WORLD_IDS),
  name: opt(title),
  podCidr: opt(network),
  bridge: opt(oneOf(['docker0', 'cni0'])),
  hairpin: opt(flag),
  'userland-proxy': opt(flag),
  docker: opt(
    object({
      version: opt(oneOf(DOCKER_VERSIONS)),
      bip: opt(as<Cidr>(isCidr, 'bip')),
      icc: opt(flag),
      networks: opt(
        list(
          object({ name, subnet: opt(network), internal: opt(flag), icc: opt(flag) }),
          FEW,
          'networks',
        ),
      ),
    }),
  ),
  'kube-proxy': opt(object({ mode: opt(oneOf(['iptables', 'ipvs'])), strictARP: opt(flag) })),
  'vpc-cni': opt(
    object({
      version: opt(oneOf(ERA_IDS)),
      externalSnat: opt(flag),
      excludeSnatCidrs: opt(list(network, FEW, 'ranges')),
      eniConfig: opt(object({ subnet: name, securityGroups: opt(list(groupId, FEW, 'groups')) })),
      securityGroupsForPods: opt(oneOf(['strict', 'standard'])),
    }),
  ),
  encapsulation: opt(oneOf(ENCAPSULATIONS)),
  mtu: opt(whole(576, 9001, 'mtu')),
  vpc: opt(
    object({
      cidr: opt(network),
      secondaryCidrs: opt(list(network, FEW, 'ranges')),
      subnets: opt(list(object({ name, cidr: network }), SUBNETS, 'subnets')),
      peerings: opt(list(object({ id: peeringId, cidr: network }), FEW, 'peerings')),
    }),
  ),
  securityGroups: opt(
    list(
      object({
        id: groupId,
        ingress: opt(list(groupRule, FEW, 'rules')),
        egress: opt(list(groupRule, FEW, 'rules')),
      }),
      GROUPS,
      'groups',
    ),
  ),
  nodes: opt(
    list(
      object({
        name,
        ip: opt(ipv4),
        subnet: opt(name),
        podCidr: opt(network),
        sourceDestCheck: opt(flag),
        eth1: opt(ipv4),
        instanceType: opt(v.string((i) => tell('text', short(i.input)))),
      }),
      most('nodes'),
      'nodes',
    ),
  ),
  pods: opt(
    list(
      object({
        name,
        node: name,
        ip: opt(ipv4),
        listen: opt(list(listen, FEW, 'listeners')),
        eni: opt(oneOf(ENI_DEVS)),
        publish: opt(list(publish, FEW, 'published')),
        securityGroups: opt(list(groupId, FEW, 'groups')),
        networks: opt(list(name, FEW, 'networks')),
      }),
      most('pods'),
      'pods',
    ),
  ),
  hosts: opt(
    list(object({ name, ip: ipv4, listen: opt(list(listen, FEW, 'listeners')) }), HOSTS, 'hosts'),
  ),
  count: opt(whole(1, most('nodes'), 'nodes')),
  namePattern: opt(
    as<string>(
      (x) => x.split('{n}').length === 2 && NAME.test(`${x.replace('{n}', '10000')}-pod-250`),
      'name-pattern',
    ),
  ),
  podsPerNode: opt(whole(0, most('podsPerNode'), 'pods')),
  serviceCidr: opt(network),
  services: opt(
    list(
      object({
        name,
        ip: opt(ipv4),
        port: servicePort,
        portName: opt(name),
        targetPort: opt(servicePort),
        protocol: opt(oneOf(['tcp', 'udp'])),
        pods: opt(list(name, most('pods'), 'pods')),
        nodePort: opt(whole(30_000, 32_767, 'node-port')),
        externalTrafficPolicy: opt(oneOf(['Cluster', 'Local'])),
        sessionAffinity: opt(oneOf(['None', 'ClientIP'])),
        // MaxClientIPServiceAffinitySeconds.
        sessionAffinityConfig: opt(
          object({ clientIP: object({ timeoutSeconds: whole(1, 86_400) }) }),
        ),
      }),
      SERVICES,
      'services',
    ),
  ),
  edits: opt(
    list(
      v.variant(
        'op',
        [
          object({ op: v.literal('add'), ...edit, row }),
          object({ op: v.literal('del'), ...edit, where: row }),
          object({
            op: v.literal('set'),
            ...edit,
            where: row,
            to: opt(row),
            unset: opt(
              list(
                v.string((i) => tell('text', short(i.input))),
                FEW,
                'fields',
              ),
            ),
          }),
        ],
        (i) => tell('op', short(i.input)),
      ),
      EDITS,
      'edits',
    ),
  ),
})
export type ClusterFile = v.InferOutput<typeof CLUSTER>
