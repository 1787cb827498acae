'use client'
import dynamic from 'next/dynamic'

/** The sandbox's script comes after the page's own. */
export const LateSandbox = dynamic(() => import('./Sandbox.tsx').then((m) => m.Sandbox), { ssr: false, loading: () => <p>The sandbox is being loaded. It needs JavaScript.</p> })
