import { isAddressRange } from '#lib/wire/range.ts'
import { isCidr, isIpv4, isMac } from '#lib/wire/addr.ts'
import { isIcmpType, isLogPrefix, isPorts } from './grammar.ts'
import { isListName } from './tables/recent/known.ts'
import { isEntryText } from './tables/ipsetEntries/known.ts'
import { isPortRange, isSetFlags, isSetName } from './tables/ipsets/known.ts'
import { isTcpFlags } from './tables/netfilter/flags.ts'
import { isRate } from './tables/netfilter/rate.ts'
import { STEERING } from './text.ts'

/*
 * What may stand in a script that people run as root, by the place where it lands. Asked of the rows themselves: whoever wrote them, validated
 * or not, nothing else is printed. `script.ts` of a table's folder says it of a row, that of a kind of device of the fields that it adds.
 */

/** What stands where something else belongs, and what would be right; `at` is the place below the field. */
export interface Refusal {
  readonly at: string
  readonly was: unknown
  readonly right: string
}
export type Grammar = (x: unknown) => Refusal | null

export const fits =
  (right: string, test: (x: unknown) => boolean): Grammar =>
  (x) =>
    test(x) ? null : { at: '', was: x, right }
export const text = (right: string, test: (x: string) => boolean): Grammar =>
  fits(right, (x) => typeof x === 'string' && test(x))
export const oneOf = (...words: readonly unknown[]): Grammar =>
  fits(`write ${words.join(', ')}`, (x) => words.includes(x))
export const whole = (low: number, high: number): Grammar =>
  fits(
    `write a whole number from ${low} to ${high}`,
    (x) => typeof x === 'number' && Number.isInteger(x) && x >= low && x <= high,
  )
export const opt =
  (of: Grammar): Grammar =>
  (x) =>
    x === undefined ? null : of(x)
export const nullable =
  (of: Grammar): Grammar =>
  (x) =>
    x === null ? null : of(x)
export const either =
  (...all: readonly Grammar[]): Grammar =>
  (x) => {
    const said = all.map((g) => g(x))
    return said.includes(null) ? null : said[0]!
  }
export const list =
  (of: Grammar, most = Infinity): Grammar =>
  (x) => {
    if (!Array.isArray(x) || x.length > most)
      return {
        at: '',
        was: x,
        right: most === Infinity ? 'write a list' : `write a list of up to ${most}`,
      }
    for (const [i, one] of x.entries()) {
      const r = of(one)
      if (r !== null) return { ...r, at: `[${i}]${r.at}` }
    }
    return null
  }
/** Keys that are not named here are not printed, so they may hold anything. */
export const object =
  (entries: Readonly<Record<string, Grammar>>): Grammar =>
  (x) => {
    if (typeof x !== 'object' || x === null || Array.isArray(x))
      return { at: '', was: x, right: `write ${Object.keys(entries).join(', ')}` }
    for (const [key, of] of Object.entries(entries)) {
      const r = of((x as Readonly<Record<string, unknown>>)[key])
      if (r !== null) return { ...r, at: `.${key}${r.at}` }
    }
    return null
  }
/** One of several objects, by the word in one key. */
export const variant =
  (key: string, forms: Readonly<Record<string, Readonly<Record<string, Grammar>>>>): Grammar =>
  (x) => {
    const form =
      typeof x === 'object' && x !== null
        ? (x as Readonly<Record<string, unknown>>)[key]
        : undefined
    return typeof form === 'string' && Object.hasOwn(forms, form)
      ? object(forms[form]!)(x)
      : { at: `.${key}`, was: form, right: `write ${Object.keys(forms).join(', ')}` }
  }

/** A file in /run/netns behind PREFIX, the end of a file's name in RUN, a word of the shell. */
export const space = text(
  'up to 200 letters, digits, dots, dashes and underscores make the name of a network namespace, the first of them no dot and no dash',
  (x) => /^[A-Za-z0-9_][\w.-]{0,199}$/.test(x),
)
/** dev_valid_name() takes more, but a shell, iproute2's batch lines and a path under /proc/sys take this. It always stands behind a word that says a name comes. */
const DEVICE = /^[A-Za-z0-9_][\w.-]{0,14}$/
export const device = text(
  'up to 15 letters, digits, dots, dashes and underscores make the name of a device, the first of them no dot and no dash',
  (x) => DEVICE.test(x),
)
/** A device, or with + all whose names begin so: xtables_parse_interface(). */
export const pattern = text(
  'up to 15 letters, digits, dots, dashes and underscores name a device, with + at the end all that begin so',
  (x) => DEVICE.test(x) || (x.length <= 15 && /^(?:[A-Za-z0-9_][\w.-]*)?\+$/.test(x)),
)
/** XT_EXTENSION_MAXNAMELEN with its NUL. */
export const chain = text(
  'up to 28 letters, digits, dots, dashes and underscores make the name of a chain, the first of them no dot and no dash',
  (x) => /^[A-Za-z0-9_][\w.-]{0,27}$/.test(x),
)
/** Between double quotes, escaped. XT_MAX_COMMENT_LEN with its NUL; iptables-restore would cut a line of 10,240 bytes in two. */
export const comment = text(
  'a comment is up to 255 bytes without control characters',
  (x) => !STEERING.test(x) && new TextEncoder().encode(x).length <= 255,
)
export const tableId = text(
  'a table is main, local, default or a number from 1 to 4294967295',
  (x) => /^(?:main|local|default|[1-9]\d{0,9})$/.test(x) && !(Number(x) > 0xffffffff),
)
/** A path below /proc/sys/net; in the middle of it a device's name may have dots. */
export const sysctl = text(
  'write a key of /proc/sys/net with dots, such as net.ipv4.ip_forward or net.ipv4.conf.eth0.rp_filter',
  (x) => sysctlPath(x) !== null,
)
export const anything = text('write text', () => true)
export const ipv4 = text('write an IPv4 address', isIpv4)
export const cidr = text('write an IPv4 prefix', isCidr)
export const mac = text('write a MAC address in lower-case hex digits', isMac)
export const flag = oneOf(true, false)
export const port = whole(0, 65535)
export const portOrRange: Grammar = either(
  port,
  text('write a port, or a range such as 80:90', isPorts),
)
export const listName = text(
  'up to 199 letters, digits, dots, dashes and underscores make the name of a list, the first of them no dot and no dash',
  isListName,
)
export const setName = text(
  'up to 31 letters, digits, dots, colons, dashes and underscores make the name of a set, the first of them no dot, no colon and no dash',
  isSetName,
)
export const rate = text('write so many in a time, such as 10/min', isRate)
export const setFlags = text('write src and dst with commas between', isSetFlags)
export const setRange = text('write two ports, such as 30000-32767', isPortRange)
export const setEntry = text(
  'write an entry as ipset prints it, such as 10.96.0.10,tcp:80',
  isEntryText,
)
export const addressRange = text('write two addresses, such as 10.0.0.4-10.0.0.9', isAddressRange)
export const icmpType = fits('write a type of ICMP, such as 8 or 3/4', isIcmpType)
export const tcpFlags = text('write two lists of flags, such as SYN,RST SYN', isTcpFlags)
/** Between double quotes, in a script and in iptables-restore's lines. */
export const logPrefix = (most: number): Grammar =>
  text(
    `write up to ${most} letters, digits and signs that a shell leaves alone`,
    (x) => isLogPrefix(x) && x.length <= most,
  )
export const u32 = whole(0, 0xffffffff)
export const masked = object({ value: u32, mask: u32 })
export const proto = oneOf('tcp', 'udp', 'icmp')
export const ipProto = oneOf('tcp', 'udp', 'icmp', 'ipencap', 'gre')
export const nfTable = oneOf('raw', 'mangle', 'nat', 'filter')
export const ends = object({ src: ipv4, dst: ipv4, sport: port, dport: port })
export const attached = object({ netns: anything, dev: anything })

/** Where a sysctl is below /proc/sys; null if it is no key of net. */
export function sysctlPath(key: string): string | null {
  const [, of, dev, name] =
    /^net\.(ipv4\.conf|ipv4\.neigh|ipv6\.conf|ipv6\.neigh)\.(.+)\.([a-z0-9_]+)$/.exec(key) ?? []
  if (dev !== undefined)
    return DEVICE.test(dev) ? `net/${of!.replace('.', '/')}/${dev}/${name}` : null
  return /^net(?:\.[a-z0-9_-]+)+$/.test(key) ? key.replaceAll('.', '/') : null
}
