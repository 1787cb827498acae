import { isAddressRange } from '#lib/wire/range.ts'
import * as v from 'valibot'
import {
  isCidr,
  isIpv4,
  isMac,
  networkOf,
  type Cidr,
  type Address,
  type Mac,
} from '#lib/wire/addr.ts'
import { TITLE_LENGTH } from './bounds.ts'
import {
  isChain,
  isComment,
  isDevice,
  isDevicePattern,
  isGroupId,
  isIcmpType,
  isId,
  isLogPrefix,
  isPorts,
  isProgram,
  isRouteTable,
  isSpace,
  isTarget,
} from './grammar.ts'
import { as, flag, object, oneOf, short, tell, whole } from './problem.ts'
import type { AddressRange, IcmpType, Ports } from './rows.ts'
import { isListName } from './tables/recent/known.ts'
import { isSetName } from './tables/ipsets/known.ts'
import { STEERING } from './text.ts'

/* What a field of a row may hold, for files that people write: what more than one table has. */

/** A field that may be left out. */
export const opt = v.exactOptional
export const ipv4 = as<Address>(isIpv4, 'ipv4')
export const cidr = as<Cidr>(isCidr, 'cidr')
/** What a route leads to, or a range is: the kernel refuses host bits (fib_table_insert(), `Invalid prefix for given prefix length`). */
export const network = v.pipe(
  cidr,
  v.check(
    (x) => networkOf(x) === x,
    (i) => tell('host-bits', i.input, networkOf(i.input)),
  ),
)
export const mac = as<Mac>(isMac, 'mac')
/** A line for people: no command sees it. */
export const title = v.pipe(
  v.string((i) => tell('text', short(i.input))),
  v.nonEmpty(tell('blank')),
  v.check(
    (x) => x.length <= TITLE_LENGTH,
    (i) => tell('too-long', short(i.input), i.input.length, TITLE_LENGTH),
  ),
  v.check(
    (x) => !STEERING.test(x),
    (i) => tell('steering', short(i.input)),
  ),
)
export const device = as<string>(isDevice, 'device')
export const pattern = as<string>(isDevicePattern, 'pattern')
export const chain = v.pipe(
  as<string>(isChain, 'chain'),
  v.check(
    (x) => !isTarget(x),
    (i) => tell('chain-target', i.input),
  ),
)
export const spaceName = as<string>(isSpace, 'space')
export const program = as<string>(isProgram, 'program')
export const routeTable = as<string>(isRouteTable, 'route-table')
export const comment = as<string>(isComment, 'comment')
export const id = (such: string) =>
  v.custom<string>(
    (x) => typeof x === 'string' && isId(x),
    (i) => tell('id', short(i.input), such),
  )
export const eniId = id('eni-node-1-eth0')
export const subnetId = id('subnet-a')
export const tableId = id('rtb-main')
export const gatewayId = id('igw-main')
export const peeringId = as<string>((x) => x.startsWith('pcx-') && isId(x), 'pcx')
export const port = whole(0, 65535, 'port')
/** A port, or a range of them. */
export const portOrRange = v.union(
  [port, v.custom<Exclude<Ports, number>>(isPorts, (i) => tell('port-range', short(i.input)))],
  (i) => tell('port-range', short(i.input)),
)
export const listName = as<string>(isListName, 'list-name')
export const setName = as<string>(isSetName, 'set-name')
export const addressRange = as<AddressRange>(isAddressRange, 'address-range')
/** `8`, or with a code `3/4`. */
export const icmpType = v.custom<IcmpType>(isIcmpType, (i) => tell('icmp-type', short(i.input)))
export const logPrefix = (most: number) =>
  v.custom<string>(
    (x) => typeof x === 'string' && isLogPrefix(x) && x.length <= most,
    (i) => tell('log-prefix', short(i.input), most),
  )
export const u32 = whole(0, 0xffffffff)
export const share = v.custom<number>(
  (x) => typeof x === 'number' && x >= 0 && x <= 1,
  (i) => tell('share', short(i.input)),
)
// ETH_MIN_MTU, if_ether.h.
export const bytes = whole(68, 65536, 'mtu')
export const netfilterTable = oneOf(['raw', 'mangle', 'nat', 'filter'])
export const proto = oneOf(['tcp', 'udp', 'icmp'])
export const masked = object({ value: u32, mask: u32 })
export const tuple = { src: ipv4, dst: ipv4, sport: port, dport: port } as const
export const at = object({ netns: spaceName, dev: device })
export const ports = v.pipe(
  v.custom<readonly unknown[]>(
    (x) => Array.isArray(x) && x.length === 2,
    (i) => tell('port-pair', short(i.input)),
  ),
  v.tuple([port, port], (i) => tell('port-pair', short(i.input))),
  v.check(([low, high]) => low <= high, tell('port-order')),
)
export const groupId = as<`sg-${string}`>(isGroupId, 'sg')

export const direction = oneOf(['ingress', 'egress'])
const IP_PROTOS = ['tcp', 'udp', 'icmp', 'ipencap', 'gre'] as const
/** What connection tracking tells apart. */
export const ipProto = oneOf(IP_PROTOS)
export const anyProto = oneOf([...IP_PROTOS, 'all'])
export { flag }
