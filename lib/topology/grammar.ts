import { CHAIN_LENGTH, COMMENT_BYTES, DEVICE_LENGTH, ID_LENGTH, NAME_LENGTH } from './bounds.ts'
import type { Hook, NfTable } from './rows.ts'
import { STEERING } from './text.ts'

/*
 * What a name may be that reaches a command or a path. Narrower than the kernel, which takes `a$b` and `-x` as names of devices and chains:
 * letters, digits, _, . and -, a letter, digit or _ first, so that no tool takes a name for an option and no path leads elsewhere.
 */

const PLAIN = /^\w[\w.-]*$/

/** dev_valid_name(), core/dev.c; devinet_sysctl_register() refuses all and default. */
export function isDevice(x: string): boolean {
  return x.length <= DEVICE_LENGTH && PLAIN.test(x) && x !== 'all' && x !== 'default'
}

/** -i, -o and `iif`: a device name, or the beginning of one with + behind it. */
export function isDevicePattern(x: string): boolean {
  return x.length <= DEVICE_LENGTH && PLAIN.test(x.endsWith('+') ? x.slice(0, -1) : x)
}

/** A chain's name, without a look at whether it is taken. */
export function isChain(x: string): boolean {
  return x.length <= CHAIN_LENGTH && PLAIN.test(x)
}

/** Targets of iptables 1.8.9 (its extensions, and the kernel's verdicts): `iptables -N` refuses them, and -j means the target. */
const TARGETS: ReadonlySet<string> = new Set([
  'ACCEPT',
  'DROP',
  'RETURN',
  'QUEUE',
  'AUDIT',
  'CHECKSUM',
  'CLASSIFY',
  'CLUSTERIP',
  'CONNMARK',
  'CONNSECMARK',
  'CT',
  'DNAT',
  'DSCP',
  'ECN',
  'HMARK',
  'IDLETIMER',
  'LED',
  'LOG',
  'MARK',
  'MASQUERADE',
  'NETMAP',
  'NFLOG',
  'NFQUEUE',
  'NOTRACK',
  'RATEEST',
  'REDIRECT',
  'REJECT',
  'SECMARK',
  'SET',
  'SNAT',
  'SYNPROXY',
  'TCPMSS',
  'TCPOPTSTRIP',
  'TEE',
  'TOS',
  'TPROXY',
  'TRACE',
  'TTL',
  'ULOG',
])
export function isTarget(x: string): boolean {
  return TARGETS.has(x)
}

/** Ports from one to another, the lower one first, as iptables writes them. All there are is no question. */
export function isPorts(x: unknown): x is `${number}:${number}` {
  const [, low, high] = (typeof x === 'string' && /^(0|[1-9]\d{0,4}):([1-9]\d{0,4})$/.exec(x)) || []
  return (
    high !== undefined && Number(low) < Number(high) && Number(high) <= 65535 && x !== '0:65535'
  )
}
/** How much of multiport's room these take: a range as much as two. */
export function portsTaken(list: readonly unknown[]): number {
  return list.reduce<number>((n, x) => n + (typeof x === 'number' ? 1 : 2), 0)
}

/** `8`, or with a code `3/4`. */
export function isIcmpType(x: unknown): boolean {
  const [, type, code = '0'] = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(String(x)) ?? []
  return type !== undefined && Number(type) <= 255 && Number(code) <= 255
}

/** What stands before a line of a log: narrower than the kernel, so that a shell takes it between double quotes as it is. */
export function isLogPrefix(x: string): boolean {
  return /^[\w .:,;/()[\]<>=@+-]+$/.test(x)
}

/** The built-in chains of each table: ip_tables has no others (iptable_raw.c and the like; nat has INPUT since 2.6.36). */
export const HOOKS: { readonly [T in NfTable]: readonly Hook[] } = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
}
const BUILT_IN: ReadonlySet<string> = new Set(HOOKS.mangle)
/** Is this the name of a hook, whatever the table? */
export function isHook(x: string): x is Hook {
  return BUILT_IN.has(x)
}

/** iptables cuts at 256 bytes and takes line ends, which iptables-restore does not take back. */
export function isComment(x: string): boolean {
  return x !== '' && new TextEncoder().encode(x).length <= COMMENT_BYTES && !STEERING.test(x)
}

/** A namespace, node or VPC: it becomes a file's name in /run/netns. */
export function isSpace(x: string): boolean {
  return x.length <= NAME_LENGTH && PLAIN.test(x)
}

/** A program, as `ss -p` and systemctl name it. */
export const isProgram = isSpace

/** A routing table: a number, or a name that every rt_tables has. 253 to 255 are default, main and local, which have one name here; 0 is none (RT_TABLE_UNSPEC). */
export function isRouteTable(x: string): boolean {
  if (x === 'main' || x === 'local' || x === 'default') return true
  return (
    /^[1-9]\d{0,9}$/.test(x) && Number(x) <= 0xffffffff && !(Number(x) >= 253 && Number(x) <= 255)
  )
}

/** `eni-0f3a…`, and ours that can be read: `eni-node-1-eth0`. */
export function isId(x: string): boolean {
  return x.length <= ID_LENGTH && /^[a-z]+-\w[\w.-]*$/.test(x)
}

/** Is this id one of an ENI? `aws ec2` asks for those by an option of their own. */
export function isEniId(x: string): boolean {
  return x.startsWith('eni-') && isId(x)
}

export function isGroupId(x: string): x is `sg-${string}` {
  return x.length <= ID_LENGTH && /^sg-[\w-]+$/.test(x)
}
