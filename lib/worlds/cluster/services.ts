import { inCidr, networkOf, overlaps, type Cidr, type Address } from '#lib/wire/addr.ts'
import { ipvsProxy } from '#lib/worlds/cni/kube-proxy-ipvs.ts'
import type { ClusterFile } from './schema.ts'
import type { Filling } from './filling.ts'
import type { ClusterSpec, ServiceSpec } from './spec.ts'
import type { Say } from '#lib/topology/problem.ts'
import { freeAddresses, offsetIn } from '#lib/wire/range.ts'
import { once, specialRange, type Placed } from './ranges.ts'

/** kubeadm's default. */
const SERVICE_RANGE: Cidr = '10.96.0.0/12'
/** The first addresses are left to what every cluster has: kubernetes is .1, its DNS usually .10. */
const FIRST_SERVICE = 50

/** Is a pod called so, and how are they called? */
export interface PodNames {
  readonly has: (name: string) => boolean
  readonly all: () => readonly string[]
}
/** Ranges that pods have: the one that overlaps a range, and the one that holds an address. */
export interface Taken {
  readonly overlapping: (range: Cidr) => Placed<Cidr> | null
  readonly holding: (ip: Address) => Cidr | null
}
/** What Services must keep clear of: the VPC, and pods with addresses of their own. `podRange` is kube-proxy's --cluster-cidr. */
interface Surroundings extends Taken {
  readonly ranges: readonly Cidr[]
  readonly pods: PodNames
  readonly podRange: Cidr | null
}
type Written = NonNullable<ClusterFile['services']>[number]

/** Where Services have their addresses; null where there is no kube-proxy. */
export function serviceRange({ file, world }: Filling): Cidr | null {
  return file.services === undefined || !world.traits.kubeProxy
    ? null
    : networkOf(file.serviceCidr ?? SERVICE_RANGE)
}

/** One range of pods, or none. */
export function besides(range: Placed<Cidr> | null): Taken {
  return {
    overlapping: (x) => (range !== null && overlaps(x, range.value) ? range : null),
    holding: (ip) => (range !== null && inCidr(ip, range.value) ? range.value : null),
  }
}

/** The first range of the VPC for which that is so. */
function ofVpc(ranges: readonly Cidr[], test: (range: Cidr) => boolean): Placed<Cidr> | null {
  const i = ranges.findIndex(test)
  if (i < 0) return null
  return { path: i === 0 ? 'vpc.cidr' : `vpc.secondaryCidrs[${i - 1}]`, value: ranges[i]! }
}

/** The Services of a cluster file with every default filled in; nothing where the file has none: then no kube-proxy runs. */
export function servicesOf(
  r: Filling,
  around: Surroundings,
): Pick<ClusterSpec, 'services' | 'clusterCidr' | 'proxy'> {
  const { file: f, world, say } = r
  const given = f.services
  if (!world.traits.kubeProxy) {
    for (const key of ['services', 'serviceCidr', 'kube-proxy'] as const)
      if (f[key] !== undefined) say(key, 'no-kube-proxy')
    return {}
  }
  if (f.serviceCidr !== undefined && specialRange(f.serviceCidr))
    say('serviceCidr', 'special-range', f.serviceCidr)
  const range = serviceRange(r)
  if (given === undefined || range === null) return {}
  const clash = around.overlapping(range) ?? ofVpc(around.ranges, (x) => overlaps(range, x))
  if (clash !== null) say('serviceCidr', 'service-range', range, clash.path, clash.value)
  given.forEach((s, i) => {
    const at = `services[${i}].ip`
    if (s.ip !== undefined) addressed({ path: at, value: s.ip }, { ...around, range }, say)
  })
  unique(given, say)
  pods(given, around.pods, say)
  const next = freeAddresses(
    range,
    FIRST_SERVICE,
    new Set(given.map((s) => s.ip).filter((ip) => ip !== undefined)),
  )
  const own = new Map<string, Address>(
    given.flatMap((s) => (s.ip === undefined ? [] : [[s.name, s.ip]])),
  )
  const services = given.map((s, i): ServiceSpec => {
    const ip = s.ip ?? own.get(s.name) ?? next()
    if (ip === null) say(`services[${i}].ip`, 'service-full', range)
    else own.set(s.name, ip)
    return {
      name: s.name,
      ip: ip ?? '0.0.0.0',
      port: s.port,
      proto: s.protocol ?? 'tcp',
      targetPort: s.targetPort ?? s.port,
      pods: s.pods ?? [],
      ...(s.portName === undefined ? {} : { portName: s.portName }),
      ...(s.nodePort === undefined ? {} : { nodePort: s.nodePort }),
      ...(s.externalTrafficPolicy === 'Local' ? { externalTrafficPolicy: 'Local' } : {}),
      ...affinity({ path: `services[${i}]`, value: s }, f['kube-proxy']?.mode, say),
    }
  })
  // EKS gives its kube-proxy no --cluster-cidr: pods and nodes share the VPC's.
  return { services, clusterCidr: around.podRange, ...mode(f['kube-proxy'] ?? {}, say) }
}

/** DefaultClientIPServiceAffinitySeconds: three hours. */
const AFFINITY = 10_800

/** Who keeps his endpoint, and how long after he came. */
function affinity(
  { path, value: s }: Placed<Written>,
  proxy: string | undefined,
  say: Say,
): Pick<ServiceSpec, 'affinity'> {
  const { clientIP } = s.sessionAffinityConfig ?? {}
  if (s.sessionAffinity !== 'ClientIP') {
    if (clientIP !== undefined) say(`${path}.sessionAffinityConfig`, 'affinity-none')
    return {}
  }
  if (proxy === 'ipvs') say(`${path}.sessionAffinity`, 'affinity-ipvs')
  return { affinity: clientIP?.timeoutSeconds ?? AFFINITY }
}

/** How kube-proxy does it. */
function mode(
  { mode: how = 'iptables', ...more }: NonNullable<ClusterFile['kube-proxy']>,
  say: Say,
): Pick<ClusterSpec, 'proxy'> {
  if (how === 'ipvs') return { proxy: ipvsProxy(more) }
  if (more.strictARP !== undefined) say('kube-proxy.strictARP', 'strict-arp')
  return {}
}

function addressed(
  { path, value: ip }: Placed<Address>,
  around: Surroundings & { readonly range: Cidr },
  say: Say,
): void {
  const { range } = around
  const pods = around.holding(ip)
  const vpc = ofVpc(around.ranges, (x) => inCidr(ip, x))
  const { n, inside, last } = offsetIn(ip, range)
  if (pods !== null) say(path, 'service-in-pods', ip, pods, range)
  else if (vpc !== null) say(path, 'service-in-vpc', ip, vpc.value, range)
  else if (!inside) say(path, 'service-outside', ip, range)
  else if (n === 0 || last) say(path, 'service-edge', ip, n === 0 ? 'first' : 'last', range)
}

/** A name has one address, an address one name; a port, with its protocol, and a node port are there once. */
function unique(given: readonly Written[], say: Say): void {
  const proto = (s: Written): string => s.protocol ?? 'tcp'
  const at = <T extends string>(key: string, value: (s: Written) => T | undefined): Placed<T>[] =>
    given.flatMap((s, i) => {
      const x = value(s)
      return x === undefined ? [] : [{ path: `services[${i}].${key}`, value: x }]
    })
  const firsts = new Map<string, number>()
  const unnamed = new Set<number>()
  const owners = new Map<Address, number>()
  given.forEach((s, i) => {
    const named = s.ip === undefined ? undefined : owners.get(s.ip)
    if (s.ip !== undefined && named === undefined) owners.set(s.ip, i)
    if (s.ip !== undefined && named !== undefined && given[named]!.name !== s.name)
      say(`services[${i}].ip`, 'twice', s.ip, `services[${named}].ip`, 'address')
    const first = firsts.get(s.name)
    if (first === undefined) {
      firsts.set(s.name, i)
      return
    }
    const ip = given[first]!.ip
    if (ip !== undefined && s.ip !== undefined && ip !== s.ip)
      say(`services[${i}].ip`, 'service-address', s.name, ip, `services[${first}]`)
    for (const k of [first, i])
      if (given[k]!.portName === undefined && !unnamed.has(k)) {
        unnamed.add(k)
        say(`services[${k}].portName`, 'port-name', s.name)
      }
  })
  once(
    at('port', (s) => `${s.name} ${proto(s)}/${s.port}`),
    'port',
    say,
  )
  once(
    at('portName', (s) => (s.portName === undefined ? undefined : `${s.name}:${s.portName}`)),
    'name',
    say,
  )
  once(
    at('nodePort', (s) => (s.nodePort === undefined ? undefined : `${proto(s)}/${s.nodePort}`)),
    'node-port',
    say,
  )
}

function pods(given: readonly Written[], there: PodNames, say: Say): void {
  given.forEach((s, i) => {
    s.pods?.forEach((name, k) => {
      if (!there.has(name)) say(`services[${i}].pods[${k}]`, 'unknown-pod', name, there.all())
    })
    once(
      (s.pods ?? []).map((value, k) => ({ path: `services[${i}].pods[${k}]`, value })),
      'place',
      say,
    )
  })
}
