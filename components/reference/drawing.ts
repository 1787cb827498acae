import { fieldsOf, LAYOUTS, type HeaderKind } from '#lib/index.ts'
import type { Specimen } from './seen.ts'

/* An RFC's box of a header: fields in rows of 32 bits, with what stands there in a packet. */

/** Bits in a row of the drawing, as RFCs have it. */
export const ROW_BITS = 32

/** A piece of a field in one row; `from` is its first bit in the row, `of` how many the field has in all. `goes`: it began in the row before. */
export interface Cell {
  readonly field: string
  readonly from: number
  readonly bits: number
  readonly of: number
  readonly text: string
  readonly goes: boolean
}
/** A row: the bytes of the packet below it, and its cells. */
export interface Row {
  readonly at: number
  readonly hex: string
  readonly cells: readonly Cell[]
}
/** A field of the header, by its place from the header's first bit. */
export interface Drawn {
  readonly field: string
  readonly bit: number
  readonly bits: number
  readonly hex: string
  readonly text: string
}

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ')

/** The fields of the header of one kind; what stands in them is the specimen's, '' without one. */
export function fieldsIn(kind: HeaderKind, of: Specimen | null): readonly Drawn[] {
  const there = of === null ? [] : fieldsOf(of.frame.packet).filter((f) => f.header === of.header)
  const start = there[0]?.from ?? 0
  const bytes = (from: number, to: number): string =>
    of === null ? '' : hexOf(of.bytes.subarray(start + from, start + to))
  let bit = 0
  const drawn = LAYOUTS[kind].map(([field, bits]): Drawn => {
    const at = bit
    bit += bits
    const hex = bytes(at >> 3, (at + bits + 7) >> 3)
    return { field, bit: at, bits, hex, text: there.find((f) => f.name === field)?.text ?? '' }
  })
  const options = there.find((f) => f.name === 'options')
  if (options === undefined) return drawn
  const [from, to] = [options.from - start, options.to - start]
  return [
    ...drawn,
    { field: 'options', bit, bits: (to - from) * 8, hex: bytes(from, to), text: options.text },
  ]
}

/** The rows of the drawing. */
export function rowsOf(fields: readonly Drawn[], of: Specimen | null): readonly Row[] {
  const last = fields.at(-1)
  const total = last === undefined ? 0 : last.bit + last.bits
  const start =
    of === null ? 0 : (fieldsOf(of.frame.packet).find((f) => f.header === of.header)?.from ?? 0)
  return Array.from({ length: Math.ceil(total / ROW_BITS) }, (_, n): Row => {
    const [begins, ends] = [n * ROW_BITS, Math.min(total, (n + 1) * ROW_BITS)]
    const [from, to] = [begins >> 3, ends >> 3]
    return {
      at: from,
      hex: of === null ? '' : hexOf(of.bytes.subarray(start + from, start + to)),
      cells: fields
        .filter((f) => f.bit < ends && f.bit + f.bits > begins)
        .map((f) => ({
          field: f.field,
          from: Math.max(f.bit, begins) - begins,
          bits: Math.min(f.bit + f.bits, ends) - Math.max(f.bit, begins),
          of: f.bits,
          text: f.text,
          goes: f.bit < begins,
        })),
    }
  })
}
