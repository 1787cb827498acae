import { describe, expect, it } from 'vitest'
import { headerLength, LAYOUTS, type HeaderKind } from '#lib/index.ts'
import { fieldsIn, ROW_BITS, rowsOf } from '#components/reference/drawing.ts'
import { specimen } from '#components/reference/seen.ts'

/** No world has these: rows of test/verify have, and the page draws their boxes without bytes. */
const UNSEEN: readonly HeaderKind[] = ['gre', 'geneve']
const KINDS = (Object.keys(LAYOUTS) as HeaderKind[]).filter((k) => !UNSEEN.includes(k))

describe('the box of a header', () => {
  it.each(KINDS)(
    '%s: rows of 32 bits without a gap, over the bytes of a real packet',
    async (kind) => {
      const found = await specimen(kind)
      expect(found, 'no packet of our worlds has one').not.toBeNull()
      const rows = rowsOf(fieldsIn(kind, found), found)
      for (const [n, { cells }] of rows.entries()) {
        let bit = 0
        for (const c of cells) {
          expect(c.from).toBe(bit)
          bit += c.bits
        }
        expect(n === rows.length - 1 || bit === ROW_BITS, `row ${n}`).toBe(true)
      }
      const header = found!.frame.packet.headers[found!.header]!
      const before = found!.frame.packet.headers.slice(0, found!.header)
      const at = before.reduce((sum, h) => sum + headerLength(h), 0)
      const hex = [...found!.bytes.subarray(at, at + headerLength(header))]
        .map((b) => b.toString(16).padStart(2, '0'))
        .join(' ')
      expect(rows.map((r) => r.hex).join(' ')).toBe(hex)
    },
  )

  it.each(UNSEEN)('%s: is in no packet of our worlds', async (kind) =>
    expect(await specimen(kind)).toBeNull(),
  )
  it('says what stands in a field, and of a long one in its first row only', async () => {
    const found = await specimen('ethernet')
    const fields = fieldsIn('ethernet', found)
    expect(fields[0]).toMatchObject({ field: 'dst', bits: 48, hex: 'ff ff ff ff ff ff' })
    const pieces = rowsOf(fields, found).flatMap((r) => r.cells.filter((c) => c.field === 'src'))
    expect(pieces.map((c) => [c.bits, c.goes])).toEqual([
      [16, false],
      [32, true],
    ])
  })
})
