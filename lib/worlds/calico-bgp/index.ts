import type * as calico from '#lib/worlds/calico/world.ts'
import type { World } from '#lib/worlds/world.ts'
import { asks } from './asks.ts'
import { entry } from './entry.ts'

/** No tunnel: within a subnet nodes are each other's next hop; between subnets the VPC's router is, which has not heard of blocks. */
export function world({ buildWorld, calicoWorld, checkOn, tellTheVpc }: typeof calico): World {
  const { mtu: _same, ...shared } = calicoWorld('bgp')
  return buildWorld(entry, asks, {
    ...shared,
    whatIfs: { 'check-on': checkOn(), 'tell-the-vpc': tellTheVpc(), ...shared.whatIfs },
  })
}
