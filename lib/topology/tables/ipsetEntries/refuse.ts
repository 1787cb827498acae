import type { Refuse } from '../../refuse.ts'
import { isCidr, isIpv4, networkOf } from '#lib/wire/addr.ts'
import type { IpSet } from '../ipsets/row.ts'
import { entriesOf } from './known.ts'
import type { IpSetEntry } from './row.ts'

/** In the words of ipset 7.17. */
export const ipsetEntries: Refuse<'ipsetEntries'> = {
  alone: (n, x) => {
    if (typeof x.set !== 'string' || typeof x.entry !== 'string') return null
    const set = n.ipsets.find((s) => s.name === x.set)
    return set === undefined
      ? `The set with the given name does not exist: ${x.set}; add it to ipsets first`
      : entryRefused(set, x)
  },
  one: (_, { set, entry }) => `member ${entry} of ${set}`,
  exists: "Element cannot be added to the set: it's already added: ",
  now: (n, { set: name }) => {
    const set = n.ipsets.find((s) => s.name === name)
    const held = entriesOf(n.ipsetEntries).get(name)?.length ?? 0
    const { maxelem = 65536, type } = set ?? { type: 'bitmap:port' }
    return type === 'bitmap:port' || held <= maxelem
      ? null
      : `Hash is full, cannot add more elements: ${name} may hold ${maxelem}; give it a larger maxelem`
  },
}

const ORDINAL = ['First', 'Second', 'Third']
const NULL = 'Null-valued element, cannot be stored in a hash type of set'

/** Why an entry cannot be in a set of that type, in the words of ipset 7.17; null if it can. `10.9.5.5/16` and ranges are what ipset takes and turns into others: they are asked for as it prints them. */
export function entryRefused(set: IpSet, { entry, nomatch }: IpSetEntry): string | null {
  if (!Object.hasOwn(SHAPES, set.type)) return null
  const parts = entry.split(',')
  const asked = set.type.slice(set.type.indexOf(':') + 1).split(',')
  if (nomatch === true && !asked.includes('net'))
    return `Unknown argument: \`nomatch'; only sets of networks have it, so leave it out`
  if (parts.length < asked.length)
    return `Syntax error: ${ORDINAL[parts.length]} element is missing from ${entry}; an entry of ${set.type} is ${shapeOf(set)}`
  if (parts.length > asked.length)
    return `Syntax error: ${asked.length === 1 ? 'Elem separator' : 'Two elem separators'} in ${entry}, but settype ${set.type} supports ${asked.length === 1 ? 'none' : 'one'}; an entry of it is ${shapeOf(set)}`
  for (const [i, part] of parts.entries()) {
    const why = partRefused(asked[i]!, part, set)
    if (why !== null) return why
  }
  return null
}

function partRefused(kind: string, part: string, set: IpSet): string | null {
  if (kind === 'port') return set.type === 'bitmap:port' ? ported(part, set) : protoPort(part, set)
  const bare = kind === 'ip' ? part : part.replace(/\/.*/, '')
  if (bare === '0.0.0.0' && kind === 'ip') return `${NULL}; write another address`
  if (kind === 'ip' || bare === part)
    return isIpv4(part) ? null : `Syntax error: ${part} is no address; write ${shapeOf(set)}`
  if (!isCidr(part)) return `Syntax error: ${part} is no prefix; write ${shapeOf(set)}`
  if (part.endsWith('/0'))
    return 'The value of the CIDR parameter of the IP address is invalid; write 0.0.0.0/1 and 128.0.0.0/1'
  if (part.endsWith('/32')) return `ipset keeps ${bare}; write it so`
  return networkOf(part) === part ? null : `ipset keeps ${networkOf(part)}; write it so`
}

const isPort = (x: string): boolean => /^(?:0|[1-9]\d{0,4})$/.test(x) && Number(x) <= 65535

function ported(part: string, { range = '0-65535', ...set }: IpSet): string | null {
  if (!isPort(part)) return `Syntax error: '${part}' is out of range 0-65535; write ${shapeOf(set)}`
  const [low, high] = range.split('-').map(Number)
  return Number(part) < low! || Number(part) > high!
    ? `Element is out of the range of the set; ${set.name} holds ${range}`
    : null
}

function protoPort(part: string, set: IpSet): string | null {
  const [proto = '', port = ''] = part.split(':')
  return (proto === 'tcp' || proto === 'udp') && isPort(port)
    ? null
    : `Syntax error: cannot parse ${part}; write a protocol and a port, as in ${shapeOf(set)}`
}

const SHAPES: { readonly [T in IpSet['type']]: string } = {
  'hash:ip': '10.1.15.2',
  'hash:net': '10.1.0.0/16',
  'hash:ip,port': '10.96.0.10,tcp:80',
  'hash:net,port': '10.1.0.0/16,tcp:80',
  'hash:ip,port,ip': '10.1.15.2,tcp:8080,10.1.15.2',
  'bitmap:port': '30080',
}
/** An entry of such a set. */
const shapeOf = ({ type }: Pick<IpSet, 'type'>): string => SHAPES[type]
