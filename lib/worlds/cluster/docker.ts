import {
  addressOf,
  isLoopback,
  networkOf,
  overlaps,
  parseCidr,
  type Address,
  type Cidr,
} from '#lib/wire/addr.ts'
import { freeAddresses, freePrefixes, nth, offsetIn } from '#lib/wire/range.ts'
import { DEFAULT, type UserNetwork } from '#lib/worlds/docker-bridge/networks.ts'
import type { DockerOptions } from '#lib/worlds/docker-bridge/cni.ts'
import { hostRange, NOWHERE, type Filling } from './filling.ts'
import { disjoint, once, specialRange } from './ranges.ts'
import type { ClusterFile } from './schema.ts'
import type { PodSpec } from './spec.ts'

/* Docker's networks in a cluster file: docker0 as daemon.json has it, and what somebody created besides. */

/** Docker's pools behind docker0's own: 172.18.0.0/16 to 172.31.0.0/16 (daemon/libnetwork/ipamutils). */
const POOLS: Cidr = '172.16.0.0/12'
const FIRST_POOL = 2

type Docker = NonNullable<ClusterFile['docker']>

/** The network's range of each, the next free pool where none is said; null: no pool is left. */
function subnetsOf({ bip, networks = [] }: Docker, vpc: readonly Cidr[]): readonly (Cidr | null)[] {
  const given = networks.flatMap((n) => (n.subnet === undefined ? [] : [networkOf(n.subnet)]))
  const taken = [...(bip === undefined ? [] : [networkOf(bip)]), ...given, ...vpc]
  const next = freePrefixes(POOLS, { bits: 16, from: FIRST_POOL }, taken)
  return networks.map((n) => (n.subnet === undefined ? next() : networkOf(n.subnet)))
}

const vpcOf = (f: ClusterFile): readonly Cidr[] => [f.vpc?.cidr ?? '192.168.0.0/16']

/** What the file says of Docker, complete; undefined where it says nothing. */
export function dockerOf(f: ClusterFile): Omit<DockerOptions, 'userlandProxy'> | undefined {
  const { docker } = f
  if (docker === undefined) return undefined
  const { networks, ...more } = docker
  if (networks === undefined) return more
  const subnets = subnetsOf(docker, vpcOf(f))
  return {
    ...more,
    networks: networks.map((n, i): UserNetwork => ({ ...n, subnet: subnets[i] ?? POOLS })),
  }
}

/** docker0's own address; null where the file leaves it the first of its range. */
export const bipOf = ({ file }: Pick<Filling, 'file'>): Cidr | null => file.docker?.bip ?? null

/** What is wrong with what a file says of Docker. */
export function dockerProblems({ file, world, say }: Filling): void {
  const { docker } = file
  const named = (file.pods ?? []).some((p) => p.networks !== undefined)
  if (docker === undefined && !named) return
  if (world.traits.runtime !== 'docker') {
    if (docker !== undefined) return say('docker', 'no-docker', world.id)
    return (file.pods ?? []).forEach((p, i) => {
      if (p.networks !== undefined) say(`pods[${i}].networks`, 'no-docker', world.id)
    })
  }
  const { bip, networks = [] } = docker ?? {}
  if (bip !== undefined) {
    const { n, last } = offsetIn(addressOf(bip), networkOf(bip))
    if (parseCidr(bip).bits > 30 || n === 0 || last) say('docker.bip', 'bip', bip)
    else if (specialRange(networkOf(bip))) say('docker.bip', 'special-range', bip)
  }
  once(
    [
      { path: 'network', value: DEFAULT },
      ...networks.map((n, i) => ({ path: `docker.networks[${i}].name`, value: n.name })),
    ],
    'name',
    say,
  )
  const vpc = vpcOf(file)
  const subnets = subnetsOf(docker ?? {}, vpc)
  const placed = subnets.flatMap((value, i) => {
    const path = `docker.networks[${i}].subnet`
    if (value === null) {
      say(path, 'no-pool')
      return []
    }
    if (parseCidr(value).bits > 30) say(path, 'small-range', value)
    else if (specialRange(value)) say(path, 'special-range', value)
    const under = vpc.find((v) => overlaps(v, value))
    if (under !== undefined) say(path, 'overlap', value, under)
    return [{ path, value }]
  })
  const own = bip === undefined ? hostRange(world.traits) : networkOf(bip)
  disjoint([...(own === null ? [] : [{ path: 'docker.bip', value: own }]), ...placed], say)
}

/** The networks of each container with an address in each: of the first it is the one that was written. */
export function joined(
  { file, world, say }: Filling,
  pods: readonly PodSpec[],
): readonly PodSpec[] {
  const { networks = [] } = file.docker ?? {}
  if (!(file.pods ?? []).some((p) => p.networks !== undefined)) return pods
  const subnets = subnetsOf(file.docker ?? {}, vpcOf(file))
  const names = [DEFAULT, ...networks.map((n) => n.name)]
  const pools = new Map<string, () => Address | null>()
  const taken = new Set<string>()
  const placeOf = (node: string, name: string) => `${node} ${name}`
  file.pods?.forEach((p) => {
    if (p.ip !== undefined) taken.add(`${placeOf(p.node, p.networks?.[0] ?? DEFAULT)} ${p.ip}`)
  })
  pods.forEach((p, i) => {
    if (file.pods?.[i]?.networks === undefined) taken.add(`${placeOf(p.node, DEFAULT)} ${p.ip}`)
  })
  /** The next free one of a network on a host. */
  const next = (at: string, range: Cidr, own: Address): Address | null => {
    let pool = pools.get(at)
    if (pool === undefined)
      pools.set(
        at,
        (pool = freeAddresses(range, 1, {
          has: (ip) => ip === own || taken.has(`${at} ${ip}`),
        })),
      )
    return pool()
  }
  return pods.map((p, i): PodSpec => {
    const written = file.pods?.[i]
    if (written?.networks === undefined) return p
    const path = `pods[${i}].networks`
    if (written.networks.length === 0) say(path, 'no-networks')
    once(
      written.networks.map((value, k) => ({ path: `${path}[${k}]`, value })),
      'name',
      say,
    )
    const places = written.networks.map((name, k) => {
      const at = networks.findIndex((n) => n.name === name)
      if (at < 0 && name !== DEFAULT) {
        say(`${path}[${k}]`, 'unknown-network', name, names)
        return { name, ip: NOWHERE }
      }
      const bip = bipOf({ file })
      const range = at < 0 ? hostRange(world.traits, file)! : (subnets[at] ?? POOLS)
      const own = at < 0 && bip !== null ? addressOf(bip) : nth(range, 1)
      if (k === 0 && written.ip !== undefined) {
        const { n, inside, last } = offsetIn(written.ip, range)
        if (!inside) say(`pods[${i}].ip`, 'outside-network', written.ip, name, range)
        else if (n === 0 || last || written.ip === own)
          say(`pods[${i}].ip`, 'network-reserved', written.ip, name, own)
        return { name, ip: written.ip }
      }
      const ip = next(placeOf(p.node, name), range, own)
      if (ip === null) say(`${path}[${k}]`, 'range-full', range, p.node)
      return { name, ip: ip ?? NOWHERE }
    })
    const out = written.networks.some(
      (name) => networks.find((n) => n.name === name)?.internal !== true,
    )
    if (p.publish !== undefined && !out) say(`pods[${i}].publish`, 'internal-publish')
    return { ...p, ip: places[0]?.ip ?? NOWHERE, networks: places }
  })
}

/** Addresses of a host's own that a port may be published at: its bridges' too. */
export function bridgesOf({ file }: Pick<Filling, 'file'>, docker0: Address): readonly Address[] {
  return [
    docker0,
    ...subnetsOf(file.docker ?? {}, vpcOf(file)).flatMap((s) => (s === null ? [] : [nth(s, 1)])),
  ].filter((ip) => !isLoopback(ip))
}
