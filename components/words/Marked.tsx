import { Fragment } from 'react'
import { To } from '#components/site/To.tsx'

const MARKS = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)/
/** Of a text taken apart: what is before a mark, and the four that it may have. */
const EACH = 5

/** A text of the words with what is marked in it: **bold**, `code`, [text](/address/). */
export function Marked({ text }: { readonly text: string }) {
  const parts = text.split(MARKS)
  return Array.from({ length: Math.ceil(parts.length / EACH) }, (_, i) => {
    const [plain, bold, code, link, address] = parts.slice(EACH * i, EACH * (i + 1))
    return (
      <Fragment key={i}>
        {plain}
        {bold !== undefined && <b>{bold}</b>}
        {code !== undefined && <code>{code}</code>}
        {link !== undefined && address !== undefined && <To page={address}>{link}</To>}
      </Fragment>
    )
  })
}
