import { fnv1a } from '#lib/wire/hash.ts'
import { cidr, networkOf, parseCidr, type Cidr } from '#lib/wire/addr.ts'
import { nth } from '#lib/wire/range.ts'
import type { Pod } from '#lib/worlds/cluster/spec.ts'

/* Docker's networks of driver bridge: the default one, and those that somebody created. They are the same on every host. */

/** Whose rules stand in the file: each version that wrote others. */
export const DOCKER_VERSIONS = ['28.0', '28.2', '29'] as const
export type DockerVersion = (typeof DOCKER_VERSIONS)[number]

/** `docker network create --driver bridge`. */
export interface UserNetwork {
  readonly name: string
  readonly subnet: Cidr
  /** `--internal`: nothing leads out of it or into it. */
  readonly internal?: boolean
  /** `com.docker.network.bridge.enable_icc`; true when left out. */
  readonly icc?: boolean
}

/** A network as the bridge driver has it. */
export interface Network {
  readonly name: string
  /** Its bridge on every host. */
  readonly bridge: string
  /** The bridge's own address, with the range. */
  readonly address: Cidr
  readonly subnet: Cidr
  readonly internal: boolean
  readonly icc: boolean
}

/** `docker network ls` calls the default network so. */
export const DEFAULT = 'bridge'

/** A network's id is drawn at random, and its bridge's name is br- and the first twelve digits. Here they follow from its name. */
function bridgeOf(name: string): string {
  const hex = (x: string): string => fnv1a(x).toString(16).padStart(8, '0')
  return `br-${hex(name)}${hex(`${name}/`).slice(0, 4)}`
}

/** All networks of a host, the default one first; `bip` is docker0's address, daemon.json's or the first of its range. */
export function networksOf(
  bip: Cidr,
  {
    icc = true,
    networks = [],
  }: { readonly icc?: boolean; readonly networks?: readonly UserNetwork[] },
): readonly Network[] {
  return [
    {
      name: DEFAULT,
      bridge: 'docker0',
      address: bip,
      subnet: networkOf(bip),
      internal: false,
      icc,
    },
    ...networks.map((n): Network => ({
      name: n.name,
      bridge: bridgeOf(n.name),
      address: cidr(nth(n.subnet, 1), parseCidr(n.subnet).bits),
      subnet: n.subnet,
      internal: n.internal === true,
      icc: n.icc ?? true,
    })),
  ]
}

/** A container's place in a network. */
export interface Endpoint {
  readonly pod: Pod
  readonly net: Network
  readonly ip: Pod['ip']
  /** eth0 is in the first network that it was given. */
  readonly nth: number
  /** Its default route is by this one, and what it publishes is reached there: of networks with a way out the first by name (Endpoint.Less()). */
  readonly out: boolean
}

/** Where a container is. */
export function endpointsOf(pod: Pod, networks: readonly Network[]): readonly Endpoint[] {
  const all = (pod.networks ?? [{ name: DEFAULT, ip: pod.ip }]).flatMap(({ name, ip }, nth) => {
    const net = networks.find((x) => x.name === name)
    return net === undefined ? [] : [{ pod, net, ip, nth }]
  })
  const gateway = all
    .filter((e) => !e.net.internal)
    .map((e) => e.net.name)
    .toSorted((a, b) => (a < b ? -1 : 1))[0]
  return all.map((e) => ({ ...e, out: e.net.name === gateway }))
}
