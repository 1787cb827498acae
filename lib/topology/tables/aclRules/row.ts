import type { IpProto } from '#lib/wire/packet.ts'
import type { Cidr } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'

/** A rule of the network ACL of a subnet: the lowest number that matches decides, and answers are asked too (it keeps no state). */
export interface AclRule {
  readonly subnet: string
  readonly direction: 'ingress' | 'egress'
  readonly number: number
  readonly proto: IpProto | 'all'
  readonly ports?: readonly [from: number, to: number]
  readonly cidr: Cidr
  readonly action: 'allow' | 'deny'
}

export const aclRules: Table<AclRule, 'vpc'> = {
  in: 'vpc',
  born: [],
  text: (x) =>
    `${x.subnet}  ${x.direction}  ${x.number}  ${x.action}  ${x.proto}${x.ports === undefined ? '' : ` ${x.ports[0]}-${x.ports[1]}`}  ${x.cidr}`,
}
