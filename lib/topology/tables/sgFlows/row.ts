import type { IpProto } from '#lib/wire/packet.ts'
import type { Table } from '../../table.ts'
import type { Tuple } from '../conntrack/row.ts'

/** A flow that a security group tracks, as seen at one ENI. */
export interface SgFlow extends Tuple {
  readonly eni: string
  readonly proto: IpProto
}

export const sgFlows: Table<SgFlow, 'vpc'> = {
  in: 'vpc',
  born: [],
  text: (x) => `${x.eni}  ${x.proto}  ${x.src}:${x.sport} → ${x.dst}:${x.dport}`,
}
