import { PROTO, type IpProto } from '#lib/wire/packet.ts'
import type { Cidr } from '#lib/wire/addr.ts'
import type { Table } from '../../table.ts'
import { spaced } from '../../text.ts'

/** Security groups only allow. `peer` is a prefix or another group. */
export interface SgRule {
  readonly group: string
  readonly direction: 'ingress' | 'egress'
  readonly proto: IpProto | 'all'
  readonly ports?: readonly [from: number, to: number]
  readonly peer: Cidr | `sg-${string}`
}

/** IpProtocol: these have names, every other protocol its number, and all together -1. */
export function awsProtocol(proto: SgRule['proto']): string {
  if (proto === 'all') return '-1'
  return proto === 'tcp' || proto === 'udp' || proto === 'icmp' ? proto : String(PROTO[proto])
}

/** One rule as a member of IpPermissions (EC2 API, IpPermission): protocol -1 is all, ports stand only where the protocol has them. */
export function permission(r: SgRule): string {
  const ports =
    r.ports === undefined
      ? r.proto === 'tcp' || r.proto === 'udp'
        ? { FromPort: 0, ToPort: 65535 }
        : {}
      : { FromPort: r.ports[0], ToPort: r.ports[1] }
  const peer = r.peer.startsWith('sg-')
    ? { UserIdGroupPairs: [{ GroupId: r.peer }] }
    : { IpRanges: [{ CidrIp: r.peer }] }
  return spaced({ IpProtocol: awsProtocol(r.proto), ...ports, ...peer })
}

export const sgRules: Table<SgRule, 'vpc'> = { in: 'vpc', born: [], text: permission }
