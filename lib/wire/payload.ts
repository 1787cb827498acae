import type { Bytes } from './addr.ts'

/* What the programs of the worlds say. Bytes that count up, but where a port's dissector (Wireshark 4.0) would call them malformed: there the shortest message
   of its protocol, padded to the size that was asked for, or bytes that it takes for nothing. Ports are those that were asked, whatever translates them.
   Left as they are, since no bytes of any size would do: udp 464, 513, 520 and 521, tcp 639. Whoever asks for fewer bytes than a message has gets what fits. */

/** 0, 1, 2 …: bytes by which a capture can be read. */
export function pattern(length: number): Bytes {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i += 1) bytes[i] = i & 255
  return bytes
}

type Says = (length: number, answer: boolean) => Bytes

const fill =
  (byte: number): Says =>
  (n) =>
    new Uint8Array(n).fill(byte)

function placed(
  n: number,
  ...parts: readonly (readonly [at: number, bytes: ArrayLike<number>])[]
): Bytes {
  const out = new Uint8Array(n)
  for (const [at, bytes] of parts)
    for (let i = 0; i < bytes.length && at + i < n; i += 1) out[at + i] = bytes[i]!
  return out
}

const word = (n: number): readonly number[] => [n >>> 8, n & 255]

/** A domain name of so many bytes in all (RFC 1035, 3.1): labels of `packet-walk`, the last one shorter. No name has two. */
function name(bytes: number): number[] {
  const out: number[] = []
  for (let left = bytes - 1; left > 0;) {
    const most = Math.min(LABEL.length + 1, left)
    const label = left - most === 1 ? most - 2 : most - 1
    out.push(label, ...LABEL.slice(0, label))
    left -= label + 1
  }
  return [...out, 0]
}
const LABEL = Array.from('packet-walk', (c) => c.charCodeAt(0))
const LONGEST_NAME = 255
/** A resource record without its name: of an address, and OPT with the padding option (RFC 6891, 7830) without the padding. */
const ADDRESS = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 1] as const
const PADDED = 15

/** Who has the address of a name as long as there is room for (A, RFC 1035), and its answer; what no name fills is padding. */
function dns(n: number, answer: boolean): Bytes {
  const record = answer && n >= 17 + ADDRESS.length ? ADDRESS : []
  const room = n - 16 - record.length
  const whole = room <= LONGEST_NAME && room !== 2
  const asked = name(whole ? Math.max(room, 1) : 1)
  const opt = room - 1 - PADDED
  const pads =
    !whole && opt >= 0
      ? [0, 0, 41, ...word(1232), 0, 0, 0, 0, ...word(opt + 4), 0, 12, ...word(opt)]
      : []
  const header = [
    0x1d,
    0x0c,
    ...(answer ? [0x81, 0x80] : [1, 0]),
    0,
    n < 17 ? 0 : 1,
    0,
    record.length > 0 ? 1 : 0,
    0,
    0,
    0,
    pads.length > 0 ? 1 : 0,
  ]
  return placed(
    n,
    [0, header],
    ...(n < 17 ? [] : [[12, [...asked, 0, 1, 0, 1, ...record, ...pads]] as const]),
  )
}

/** Over TCP each message has its length before it (RFC 1035, 4.2.2). */
function dnsOverTcp(n: number, answer: boolean): Bytes {
  const out = new Uint8Array(n)
  for (let at = 0; at < n;) {
    const left = n - at
    // The next one needs room for a header and a question.
    const length = Math.min(left - 2, left - 2 > 0xffff ? 0xffff - 64 : 0xffff)
    if (length < 17) break
    out.set(word(length), at)
    out.set(dns(length, answer), at + 2)
    at += length + 2
  }
  return out
}

/** RFC 5905: version 4, mode 3 or 4, no time. */
const ntp: Says = (n, answer) => placed(n, [0, [answer ? 0x24 : 0x23]])
/** RFC 2131: DISCOVER and ACK for Ethernet. */
const dhcp: Says = (n, answer) =>
  placed(n, [0, [answer ? 2 : 1, 1, 6]], [236, [99, 130, 83, 99, 53, 1, answer ? 5 : 1, 255]])

const each = (ports: readonly number[], says: Says): readonly (readonly [number, Says])[] =>
  ports.map((p) => [p, says])
const SAYS: { readonly [P in 'udp' | 'tcp']: ReadonlyMap<number, Says> } = {
  udp: new Map([
    ...each([53, 5353, 5355], dns),
    ...each([123], ntp),
    ...each([67, 68], dhcp),
    ...each([69, 137, 319, 320, 427, 434, 496, 500, 525, 701, 910, 9200], fill(0)),
    ...each([213], fill(0xff)),
  ]),
  tcp: new Map([
    ...each([53, 5353], dnsOverTcp),
    ...each([500], fill(0)),
    ...each([123, 210, 513, 547, 647], fill(0x2e)),
  ]),
}

/** What a program says on a port: so many bytes of question or answer. */
export function payload(
  at: { readonly proto: 'udp' | 'tcp' | 'icmp'; readonly dport: number },
  answer: boolean,
  length: number,
): Bytes {
  return (
    (at.proto === 'icmp' ? undefined : SAYS[at.proto].get(at.dport))?.(length, answer) ??
    pattern(length)
  )
}

/** The same as hex for a program that fills up with zeros; null where it counts. */
export function payloadHex(
  at: Parameters<typeof payload>[0],
  answer: boolean,
  length: number,
): string | null {
  if (at.proto === 'icmp' || !SAYS[at.proto].has(at.dport)) return null
  const bytes = payload(at, answer, length)
  const end = bytes.findLastIndex((b) => b !== 0) + 1
  return Array.from(bytes.subarray(0, end), (b) => b.toString(16).padStart(2, '0')).join('')
}

/** The bytes of the shortest message on a port where fewer are none; 0 for all others. The answer to a DNS question repeats it, if it has a name only. */
export function shortest(
  {
    proto,
    dport,
    size = 0,
  }: { readonly proto: string; readonly dport: number; readonly size?: number },
  answer: boolean,
): number {
  if (answer && (dport === 53 || dport === 5353 || (dport === 5355 && proto === 'udp')))
    return (size <= LONGEST_NAME + 16 ? size : 17) + ADDRESS.length
  return proto !== 'udp' ? 0 : dport === 123 ? 48 : dport === 67 || dport === 68 ? 244 : 0
}
