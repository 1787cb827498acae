'use client'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { Boundary } from '#components/site/Boundary.tsx'
import { pose, type Posed } from './tasks.ts'
import { site } from '#components/words/site.ts'

const live = (bare: boolean) => () =>
  import('./live.tsx').then((m) => m.live(bare)).then((There) => ({ default: There }))
/** The sandbox's script comes after the page's own. */
const Late = lazy(live(false))
const Bare = lazy(live(true))

const never = (): (() => void) => () => {}

/** `bare`: what is walked, and nothing to change it by. */
export function LateSandbox({
  bare = false,
  tasks = [],
}: {
  readonly bare?: boolean
  readonly tasks?: readonly Posed[]
}) {
  useState(() => pose(tasks))
  // Not before the page has come alive as it was built.
  const begun = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const loading = <p data-needs-script="">{site().sandboxLoading}</p>
  return (
    <Boundary what="sandbox" ids="sandbox walk">
      {begun ? <Suspense fallback={loading}>{bare ? <Bare /> : <Late />}</Suspense> : loading}
    </Boundary>
  )
}
