'use client'
import { createContext, useContext } from 'react'
import { useStore } from 'zustand/react'
import type { SandboxState, SandboxStore } from './store.ts'

const Context = createContext<SandboxStore | null>(null)
export const SandboxContext = Context.Provider

/** The sandbox a component stands in. */
export function useSandboxStore(): SandboxStore {
  const sandbox = useContext(Context)
  if (sandbox === null) throw new Error('this stands in no sandbox')
  return sandbox
}

/** What a component shows of its sandbox. */
export function useSandbox<T>(select: (sandbox: SandboxStore, s: SandboxState) => T): T {
  const sandbox = useSandboxStore()
  return useStore(sandbox.store, (s) => select(sandbox, s))
}
