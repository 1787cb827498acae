'use client'
import { useState } from 'react'
import dynamic from 'next/dynamic'
import { Boundary } from '#components/site/Boundary.tsx'
import { pose, type Posed } from './tasks.ts'
import { site } from '#components/words/site.ts'

const loading = () => <p data-needs-script="">{site().sandboxLoading}</p>
/** The sandbox's script comes after the page's own. */
const Late = dynamic(() => import('./live.tsx').then((m) => m.live(false)), { ssr: false, loading })
const Bare = dynamic(() => import('./live.tsx').then((m) => m.live(true)), { ssr: false, loading })

/** `bare`: what is walked, and nothing to change it by. */
export function LateSandbox({
  bare = false,
  tasks = [],
}: {
  readonly bare?: boolean
  readonly tasks?: readonly Posed[]
}) {
  useState(() => pose(tasks))
  return (
    <Boundary what="sandbox" ids="sandbox walk">
      {bare ? <Bare /> : <Late />}
    </Boundary>
  )
}
