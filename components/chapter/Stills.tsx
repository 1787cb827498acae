'use client'
import { Kept } from '#components/site/Kept.tsx'
import type * as BuiltModule from './built.tsx'
import type { StillOf } from './still.ts'

// In the browser this line is not compiled in: what was built stands in the page.
const built =
  typeof window === 'undefined' ? (require('./built.tsx') as typeof BuiltModule).Built : null

/** What a scene shows where nothing moves: without scripts, and on paper. Its picture is fetched only there. */
export function Stills({ of }: { readonly of: readonly StillOf[] }) {
  const Pictures = built
  return (
    <Kept name={`stills ${of.map((x) => x.name).join(' ')}`}>
      {Pictures !== null && <Pictures of={of} />}
    </Kept>
  )
}
