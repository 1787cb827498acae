import { NAME, widthOf } from './advances.ts'
import { dev, peerOf, traits, wireOf, type Dev, type Netns } from '#lib/index.ts'

/** A name as it fits into so many px; the whole one is the box's title. */
export function short(name: string, most: number): string {
  if (widthOf(name, NAME, false) <= most) return name
  let n = name.length - 1
  while (n > 1 && widthOf(`${name.slice(0, n)}…`, NAME, false) > most) n -= 1
  return `${name.slice(0, n)}…`
}

/** A name as the picture has it: what all names of the article's pods share is left out. */
export const brief = (name: string): string => name.replace('web-app-', '').replace('-service', '')

export const address = (d: Dev | undefined): string => d?.addrs[0]?.split('/')[0] ?? ''
export const eth0 = (n: Netns): Dev | undefined => dev(n, 'eth0')
/** The address that a machine is known by. */
export const addressOf = (n: Netns): string =>
  address(eth0(n)) || address(n.devs.find((d) => d.kind !== 'loopback' && d.addrs.length > 0))

/** The devices of a machine that are wired to a VPC, and the id of the interface at the other end; '' beyond a gateway. */
export const nicsOf = (n: Netns): Dev[] => n.devs.filter((d) => wireOf(d) !== null)
export function eniOf(d: Dev): string {
  const wire = wireOf(d)
  return wire !== null && 'eni' in wire ? wire.eni : ''
}
/** The id of the gateway, or of the peering connection, that a host outside hangs on. */
export const gatewayOf = (n: Netns): string =>
  nicsOf(n).flatMap((d) => {
    const wire = wireOf(d)
    return wire !== null && 'gateway' in wire ? [wire.gateway] : []
  })[0] ?? ''
export const vpcOf = (n: Netns): string | null => nicsOf(n).map(wireOf)[0]?.vpc ?? null
export const hasPorts = (d: Dev): boolean => traits(d).hasPorts === true
export const isTunnel = (d: Dev): boolean => traits(d).tunnel === true
/** The end in a node of what leads to a pod. */
export const endOf = (n: Netns, pod: string): Dev | undefined =>
  n.devs.find((d) => peerOf(d)?.netns === pod)
