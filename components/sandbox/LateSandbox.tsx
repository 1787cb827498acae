'use client'
import dynamic from 'next/dynamic'
import { Boundary } from '#components/site/Boundary.tsx'

/** The sandbox's script comes after the page's own. */
const Late = dynamic(() => import('./Sandbox.tsx').then((m) => m.Sandbox), { ssr: false, loading: () => <p data-needs-script="">The sandbox is being loaded.</p> })

export function LateSandbox() {
  return <Boundary what="sandbox" ids="sandbox walk"><Late /></Boundary>
}
