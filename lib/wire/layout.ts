import type { Bytes } from './addr.ts'
import type { HeaderKind } from './packet.ts'

/** Ordered bit fields of one header: the RFC's box drawing as data. Options and payload are not in it. */
export type Layout = readonly (readonly [field: string, bits: number])[]

/** One field of a dissected packet; `bit` counts from the first bit of the packet. `value` is unsigned and exact: no field is wider than the 48 bits of a MAC. */
export interface Span {
  readonly header: number
  readonly kind: HeaderKind
  readonly field: string
  readonly bit: number
  readonly bits: number
  readonly value: number
}

/** Unsigned value of up to 53 bits at a bit offset. */
export function bitsAt(bytes: Bytes, bit: number, bits: number): number {
  let v = 0
  for (let i = 0; i < bits; i += 1)
    v = v * 2 + (((bytes[(bit + i) >> 3] ?? 0) >> (7 - ((bit + i) & 7))) & 1)
  return v
}

/** The spans of one header that begins at byte `at`; fields beyond the end of the bytes are left out. */
export function spansOf(
  kind: HeaderKind,
  layout: Layout,
  bytes: Bytes,
  at: number,
  header: number,
): Span[] {
  const spans: Span[] = []
  let bit = at * 8
  for (const [field, bits] of layout) {
    if (bit + bits > bytes.length * 8) break
    spans.push({ header, kind, field, bit, bits, value: bitsAt(bytes, bit, bits) })
    bit += bits
  }
  return spans
}

/** Refuse a value that is no unsigned integer of so many bits (up to 32): RangeError naming header, field and value. */
export function mustFit(kind: HeaderKind, field: string, value: number, bits: number): void {
  // `>>> 0` changes anything negative, broken or not a number, so equality says it all in one comparison.
  if (value >>> 0 !== value || (bits < 32 && value >>> bits !== 0))
    throw new RangeError(`${kind}.${field}: ${value} does not fit in ${bits} bits`)
}
