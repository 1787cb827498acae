'use client'
import { Kept } from '#components/site/Kept.tsx'
import type * as BuiltModule from './built.tsx'
import './Decides.module.css'

// In the browser this line is not compiled in: what was built stands in the page.
const built =
  typeof window === 'undefined' ? (require('./built.tsx') as typeof BuiltModule).Built : null

/** The tables that decide at a step of a walk, put in when the page is built: the walk's own rows, and the one that won is the engine's. */
export function Decides(props: BuiltModule.Props) {
  const Tables = built
  return (
    <Kept name={`decides ${JSON.stringify(props)}`}>
      {Tables !== null && <Tables {...props} />}
    </Kept>
  )
}
