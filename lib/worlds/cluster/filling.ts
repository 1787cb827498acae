import { networkOf, type Address, type Cidr } from '#lib/wire/addr.ts'
import type { Say } from '#lib/topology/problem.ts'
import type { Card, Traits } from '#lib/worlds/entry.ts'
import { lanNames } from './lan.ts'
import type { ClusterFile } from './schema.ts'
import { VPC_NAME } from './spec.ts'

/** A cluster file on its way to a cluster: what its network's world says of it, and where problems go. */
export interface Filling {
  readonly file: ClusterFile
  readonly world: Card
  readonly say: Say
}

export const TCP_8080 = [{ proto: 'tcp', port: 8080 }] as const
/** Addresses of a subnet that AWS keeps: network, router, DNS, future (VPC guide, subnet sizing). */
export const RESERVED = 4
export const FIRST_NODE = 10
/** Stands for an address of which it is said what is wrong. */
export const NOWHERE: Address = '0.0.0.0'

/** Names of what is between the machines, which nobody else may have. */
export function namesBetween(t: Traits): readonly string[] {
  return t.between === 'vpc' ? [VPC_NAME] : lanNames
}

/** Prefix length of a node's range where the file names none. */
export function rangeBits(t: Traits): number {
  return (t.addresses === 'overlay' ? t.bits : undefined) ?? 24
}

/** The range that is the same on every host, docker0's as daemon.json has it; null where there is none. */
export function hostRange(t: Traits, file?: ClusterFile): Cidr | null {
  return t.addresses !== 'host' ? null : networkOf(file?.docker?.bip ?? t.range)
}

/** The subnet of pods whose addresses are a second ENI's: an ENIConfig's, else their node's. */
export function podSubnet(
  { file }: Pick<Filling, 'file'>,
  node: { readonly subnet: string },
): string {
  return file['vpc-cni']?.eniConfig?.subnet ?? node.subnet
}
