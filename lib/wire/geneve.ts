import type { Bytes } from './addr.ts'
import { mustFit, type Layout } from './layout.ts'
import type { Geneve } from './packet.ts'

/*  Geneve (RFC 8926 section 3.4), before its options
   |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
   |        Virtual Network Identifier (VNI)       |    Reserved   | */
export const LAYOUT: Layout = [
  ['version', 2],
  ['option_words', 6],
  ['control', 1],
  ['critical', 1],
  ['reserved', 6],
  ['protocol', 16],
  ['vni', 24],
  ['reserved2', 8],
]
/** Transparent Ethernet Bridging: a frame is inside. */
const FRAME = 0x6558
const [CRITICAL, MOST_OPTIONS] = [0x40, 63 * 4]

/** The length of the options follows from them. RangeError for a field that does not fit. */
export function write(h: Geneve, b: Bytes, at: number): void {
  mustFit('geneve', 'vni', h.vni, 24)
  const options = h.options?.length ?? 0
  if (options % 4 !== 0 || options > MOST_OPTIONS)
    throw new RangeError(
      `geneve.options: ${options} bytes are not a multiple of 4 up to ${MOST_OPTIONS}`,
    )
  b[at] = options / 4
  b[at + 1] = h.critical === true ? CRITICAL : 0
  b[at + 2] = FRAME >>> 8
  b[at + 3] = FRAME & 255
  b[at + 4] = h.vni >>> 16
  b[at + 5] = (h.vni >>> 8) & 255
  b[at + 6] = h.vni & 255
  b[at + 7] = 0
  if (h.options !== undefined) b.set(h.options, at + 8)
}

/** Null for another version, a control message, what is no frame, and where reserved bits are set: this type cannot say it. */
export function parse(b: Bytes, at: number): Geneve | null {
  const words = b[at] ?? 0xff
  const behind = at + 8 + 4 * words
  if (words > 63 || b.length < behind || b[at + 7] !== 0) return null
  if (b[at + 2] !== FRAME >>> 8 || b[at + 3] !== (FRAME & 255)) return null
  const options = b.slice(at + 8, behind)
  const flags = b[at + 1]!
  if ((flags & ~CRITICAL) !== 0) return null
  const vni = (b[at + 4]! << 16) | (b[at + 5]! << 8) | b[at + 6]!
  return {
    kind: 'geneve',
    vni,
    ...(flags === 0 ? {} : { critical: true }),
    ...(words === 0 ? {} : { options }),
  }
}
