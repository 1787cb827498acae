import type { ReactNode } from 'react'
import { prose } from '#components/words/en/prose.ts'
import { candidates } from './hands.ts'
import { Mark } from './Mark.tsx'
import { recorded } from './recorded.ts'
import { Written } from './Rows.tsx'

interface Props {
  readonly of: string
  /** What is read when it was answered. */
  readonly children?: ReactNode
}

/** The reader marks which rows are left when the pod is gone; what was recorded says which are. */
export function Survives({ of, children }: Props) {
  const { acts, node } = recorded(of)
  const all = candidates(acts, node)
  if (all.length === 0) throw new RangeError(`<Survives>: ${of} leaves nothing, or everything`)
  return (
    <Mark
      id={`survives-${of}`}
      words={prose.survives}
      stays={all.map((c) => c.stays)}
      hands={all.map((c) => c.hand)}
      rows={all.map(({ row, hand }) => (
        <Written key={row.text} row={row} hand={hand} deed="new" named />
      ))}
    >
      {children}
    </Mark>
  )
}
