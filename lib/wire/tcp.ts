import type { Bytes } from './addr.ts'
import { write32 } from './arp.ts'
import { bitsAt, mustFit, type Layout } from './layout.ts'
import { headerLength, type Tcp, type TcpOption } from './packet.ts'

/*  TCP (RFC 9293 section 3.1)
   |          source port          |       destination port        |
   |                        sequence number                        |
   |                    acknowledgment number                      |
   |Offset | Rsrvd |C|E|U|A|P|R|S|F|            window             |
   |           checksum            |        urgent pointer         | options */
export const LAYOUT: Layout = [
  ['sport', 16],
  ['dport', 16],
  ['seq', 32],
  ['ack', 32],
  ['data_offset', 4],
  ['reserved', 4],
  ['flags', 8],
  ['window', 16],
  ['checksum', 16],
  ['urgent', 16],
]

/** Data offset is derived; the checksum covers the data, so the codec writes it. RangeError for a field that does not fit. */
export function write(h: Tcp, b: Bytes, at: number): void {
  const length = headerLength(h)
  if (length % 4 !== 0 || length > 60)
    throw new RangeError(
      `tcp.options: a header of ${length} bytes is not a multiple of 4 up to 60; add NOPs`,
    )
  mustFit('tcp', 'sport', h.sport, 16)
  mustFit('tcp', 'dport', h.dport, 16)
  mustFit('tcp', 'seq', h.seq, 32)
  mustFit('tcp', 'ack', h.ack, 32)
  mustFit('tcp', 'flags', h.flags, 8)
  mustFit('tcp', 'window', h.window, 16)
  b[at] = h.sport >>> 8
  b[at + 1] = h.sport & 255
  b[at + 2] = h.dport >>> 8
  b[at + 3] = h.dport & 255
  write32(b, at + 4, h.seq)
  write32(b, at + 8, h.ack)
  b[at + 12] = (length >> 2) << 4
  b[at + 13] = h.flags
  b[at + 14] = h.window >>> 8
  b[at + 15] = h.window & 255
  b.fill(0, at + 16, at + 20)
  let o = at + 20
  for (const option of h.options) o = writeOption(option, b, o)
}

/** Kinds and lengths: RFC 9293 3.2 (0–2), RFC 7323 (3, 8), RFC 2018 (4, 5). */
function writeOption(o: TcpOption, b: Bytes, at: number): number {
  switch (o.kind) {
    case 'nop':
      b[at] = 1
      return at + 1
    case 'mss':
      mustFit('tcp', 'mss', o.value, 16)
      b.set([2, 4, o.value >>> 8, o.value & 255], at)
      return at + 4
    case 'window-scale':
      mustFit('tcp', 'window-scale', o.shift, 8)
      b.set([3, 3, o.shift], at)
      return at + 3
    case 'sack-permitted':
      b.set([4, 2], at)
      return at + 2
    case 'timestamps':
      mustFit('tcp', 'timestamps.value', o.value, 32)
      mustFit('tcp', 'timestamps.echo', o.echo, 32)
      b.set([8, 10], at)
      write32(b, at + 2, o.value)
      write32(b, at + 6, o.echo)
      return at + 10
    case 'sack':
      b.set([5, 2 + 8 * o.blocks.length], at)
      o.blocks.flat().forEach((edge, i) => {
        mustFit('tcp', 'sack', edge, 32)
        write32(b, at + 2 + 4 * i, edge)
      })
      return at + 2 + 8 * o.blocks.length
    case 'other':
      b.set(o.bytes, at)
      return at + o.bytes.length
  }
}

/** Null if it does not fit or its data offset points outside. Reserved bits and the urgent pointer are not kept. */
export function parse(b: Bytes, at: number): Tcp | null {
  if (b.length < at + 20) return null
  const length = (b[at + 12]! >> 4) * 4
  if (length < 20 || b.length < at + length) return null
  return {
    kind: 'tcp',
    sport: (b[at]! << 8) | b[at + 1]!,
    dport: (b[at + 2]! << 8) | b[at + 3]!,
    seq: bitsAt(b, (at + 4) * 8, 32),
    ack: bitsAt(b, (at + 8) * 8, 32),
    flags: b[at + 13]!,
    window: (b[at + 14]! << 8) | b[at + 15]!,
    options: parseOptions(b, at + 20, at + length),
  }
}

/** What is not understood is kept as it stands, so that encoding gives the same bytes. */
function parseOptions(b: Bytes, from: number, to: number): TcpOption[] {
  const options: TcpOption[] = []
  let at = from
  while (at < to) {
    const kind = b[at]!
    const length = kind === 1 ? 1 : (b[at + 1] ?? 0)
    if (kind === 1) options.push({ kind: 'nop' })
    else if (kind === 0 || length < 2 || at + length > to) {
      options.push({ kind: 'other', bytes: b.slice(at, to) })
      break
    } else if (kind === 2 && length === 4)
      options.push({ kind: 'mss', value: (b[at + 2]! << 8) | b[at + 3]! })
    else if (kind === 3 && length === 3) options.push({ kind: 'window-scale', shift: b[at + 2]! })
    else if (kind === 4 && length === 2) options.push({ kind: 'sack-permitted' })
    else if (kind === 8 && length === 10)
      options.push({
        kind: 'timestamps',
        value: bitsAt(b, (at + 2) * 8, 32),
        echo: bitsAt(b, (at + 6) * 8, 32),
      })
    else if (kind === 5 && length % 8 === 2 && length > 2)
      options.push({
        kind: 'sack',
        blocks: Array.from(
          { length: length >> 3 },
          (_, i) =>
            [bitsAt(b, (at + 2 + 8 * i) * 8, 32), bitsAt(b, (at + 6 + 8 * i) * 8, 32)] as const,
        ),
      })
    else options.push({ kind: 'other', bytes: b.slice(at, at + length) })
    at += length
  }
  return options
}
