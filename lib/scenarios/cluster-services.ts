import { inCidr, networkOf, overlaps, type Cidr, type Ipv4 } from '#lib/wire/addr.ts'
import type { ClusterFile } from './cluster-schema.ts'
import type { ClusterSpec, PodSpec, ServiceSpec } from './cluster.ts'
import { free, once, place, type Placed, type Say } from './ranges.ts'

/** kubeadm's default. */
const SERVICE_RANGE: Cidr = '10.96.0.0/12'
/** The first addresses are left to what every cluster has: kubernetes is .1, its DNS usually .10. */
const FIRST_SERVICE = 50

/** What Services must keep clear of: the VPC, and pods with addresses of their own (`podRange` is kube-proxy's --cluster-cidr). */
interface Surroundings { readonly vpc: Cidr; readonly pods: readonly PodSpec[]; readonly podRange: Cidr | null; readonly overlaps: readonly Placed<Cidr>[] }
type Written = NonNullable<ClusterFile['services']>[number]

/** The Services of a cluster file with every default filled in; nothing where the file has none: then no kube-proxy runs. */
export function servicesOf(f: ClusterFile, around: Surroundings, say: Say): Pick<ClusterSpec, 'services' | 'clusterCidr'> {
  const given = f.services
  if (f.network === 'docker-bridge') {
    for (const key of ['services', 'serviceCidr'] as const) if (f[key] !== undefined) say(key, 'docker-bridge has no kube-proxy; leave it out, or choose another network')
    return {}
  }
  const range = networkOf(f.serviceCidr ?? SERVICE_RANGE)
  if (given === undefined) return {}
  const clash = [...around.overlaps, { path: 'vpc.cidr', value: around.vpc }].find((x) => overlaps(range, x.value))
  if (clash !== undefined) say('serviceCidr', `${range} overlaps ${clash.path} ${clash.value}; give it a range of its own`)
  given.forEach((s, i) => { if (s.ip !== undefined) addressed(s.ip, range, around, `services[${i}].ip`, say) })
  unique(given, say)
  pods(given, around.pods, say)
  const next = free(range, FIRST_SERVICE, new Set(given.map((s) => s.ip).filter((ip) => ip !== undefined)))
  const own = new Map<string, Ipv4>(given.flatMap((s) => (s.ip === undefined ? [] : [[s.name, s.ip]])))
  const services = given.map((s, i): ServiceSpec => {
    const ip = s.ip ?? own.get(s.name) ?? next()
    if (ip === null) say(`services[${i}].ip`, `serviceCidr ${range} has no address left; make it larger`)
    else own.set(s.name, ip)
    return {
      name: s.name, ip: ip ?? '0.0.0.0', port: s.port, proto: s.protocol ?? 'tcp', targetPort: s.targetPort ?? s.port, pods: s.pods ?? [],
      ...(s.portName === undefined ? {} : { portName: s.portName }), ...(s.nodePort === undefined ? {} : { nodePort: s.nodePort }),
    }
  })
  // EKS gives its kube-proxy no --cluster-cidr: pods and nodes share the VPC's.
  return { services, clusterCidr: around.podRange }
}

function addressed(ip: Ipv4, range: Cidr, around: Surroundings, path: string, say: Say): void {
  const taken = [...around.overlaps.map((x) => ({ what: 'pod range', value: x.value })), { what: 'VPC', value: around.vpc }].find((x) => inCidr(ip, x.value))
  const { n, inside, last } = place(ip, range)
  if (taken !== undefined) say(path, `${ip} is inside the ${taken.what} ${taken.value}; choose an address of serviceCidr ${range}`)
  else if (!inside) say(path, `${ip} is outside serviceCidr ${range}; choose an address of it`)
  else if (n === 0 || last) say(path, `${ip} is the ${n === 0 ? 'first' : 'last'} of serviceCidr ${range} and not given out; choose another`)
}

/** A name has one address, an address one name; a port, with its protocol, and a node port are there once. */
function unique(given: readonly Written[], say: Say): void {
  const proto = (s: Written): string => s.protocol ?? 'tcp'
  const at = <T extends string>(key: string, value: (s: Written) => T | undefined): Placed<T>[] => given.flatMap((s, i) => { const x = value(s); return x === undefined ? [] : [{ path: `services[${i}].${key}`, value: x }] })
  given.forEach((s, i) => {
    const first = given.findIndex((x) => x.name === s.name)
    const named = given.findIndex((x) => x.ip !== undefined && x.ip === s.ip && x.name !== s.name)
    if (named >= 0 && named < i) say(`services[${i}].ip`, `${s.ip} is services[${named}].ip already; give it an address of its own`)
    if (first === i) return
    const ip = given[first]!.ip
    if (ip !== undefined && s.ip !== undefined && ip !== s.ip) say(`services[${i}].ip`, `${s.name} has ${ip} in services[${first}]; a Service has one address, so write that or another name`)
    for (const k of [first, i]) if (given[k]!.portName === undefined) say(`services[${k}].portName`, `missing; ${s.name} has several ports, so each needs a name, such as http`)
  })
  once(at('port', (s) => `${s.name} ${proto(s)}/${s.port}`), 'a port', say)
  once(at('portName', (s) => (s.portName === undefined ? undefined : `${s.name}:${s.portName}`)), 'a name', say)
  once(at('nodePort', (s) => (s.nodePort === undefined ? undefined : `${proto(s)}/${s.nodePort}`)), 'a node port', say)
}

function pods(given: readonly Written[], there: readonly PodSpec[], say: Say): void {
  const names = new Set(there.map((p) => p.name))
  const some = [...names].slice(0, 8).join(', ')
  given.forEach((s, i) => {
    s.pods?.forEach((name, k) => { if (!names.has(name)) say(`services[${i}].pods[${k}]`, `no pod is called ${name}; there are ${some}${names.size > 8 ? ` and ${names.size - 8} more` : ''}`) })
    once((s.pods ?? []).map((value, k) => ({ path: `services[${i}].pods[${k}]`, value })), 'a place', say)
  })
}
