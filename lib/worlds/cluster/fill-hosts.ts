import { inCidr, type Address } from '#lib/wire/addr.ts'
import { hostRange, type Filling } from './filling.ts'
import { specialRange } from './ranges.ts'
import { serviceRange } from './services.ts'
import type { HostSpec, NodeSpec } from './spec.ts'

/** What is wrong with the addresses of hosts outside the VPC. `first` is asked of each before all else. */
export function hostProblems(
  r: Filling,
  { hosts, nodes }: { readonly hosts: readonly HostSpec[]; readonly nodes: readonly NodeSpec[] },
  first: (h: HostSpec, path: string) => void,
): void {
  const { say } = r
  // Of several nodes with one public address the first is named.
  const asked = new Set(hosts.map((h) => h.ip))
  const publics = new Map<Address, string>()
  for (const { publicIp: ip, name } of nodes)
    if (ip !== undefined && asked.has(ip) && !publics.has(ip)) publics.set(ip, name)
  const services = serviceRange(r)
  const range = hostRange(r.world.traits, r.file)
  hosts.forEach((h, i) => {
    const path = `hosts[${i}].ip`
    first(h, path)
    if (specialRange(`${h.ip}/32`)) say(path, 'special-address', h.ip)
    const node = publics.get(h.ip)
    if (node !== undefined) say(path, 'host-is-node', h.ip, node)
    if (services !== null && inCidr(h.ip, services)) say(path, 'host-in-services', h.ip, services)
    if (range !== null && inCidr(h.ip, range)) say(path, 'host-in-docker', h.ip, range)
  })
}
