import type { Bytes } from './addr.ts'

/** Ones' complement sum of 16-bit words from `from` to `to`, added to `start`; not folded, not inverted (RFC 1071). An odd last byte counts as the high half. */
export function sum16(bytes: Bytes, from: number, to: number, start = 0): number {
  let s = start
  const even = to - ((to - from) & 1)
  for (let i = from; i < even; i += 2) s += (bytes[i]! << 8) | bytes[i + 1]!
  return even < to ? s + (bytes[even]! << 8) : s
}

/** Fold the carries and invert: the Internet checksum of what was summed. 16 bits. */
export function finish(s: number): number {
  let n = s
  while (n > 0xffff) n = (n & 0xffff) + Math.floor(n / 0x10000)
  return ~n & 0xffff
}

/** The Internet checksum of a range; 0 over a range that already holds a right one. */
export function checksum(bytes: Bytes, from = 0, to = bytes.length): number {
  return finish(sum16(bytes, from, to))
}
