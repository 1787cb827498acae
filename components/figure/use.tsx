'use client'
import { createContext, memo, useContext, useDeferredValue, type ReactNode } from 'react'
import { useStore } from 'zustand/react'
import type { FigureStore } from './store/figure.ts'
import type { Read } from './store/select.ts'
import type { FigureState } from './store/state.ts'

const Context = createContext<FigureStore | null>(null)
export const FigureContext = Context.Provider

/** The figure a component stands in. */
export function useFigureStore(): FigureStore {
  const figure = useContext(Context)
  if (figure === null) throw new Error('this stands in no figure')
  return figure
}

/** What a component shows of its figure: it is drawn again when that is another, and only then. */
export function useFigure<T>(select: (read: Read, s: FigureState) => T): T {
  const { store, read } = useFigureStore()
  return useStore(store, (s) => select(read, s))
}

interface Told {
  readonly s: FigureState
  readonly figure: FigureStore
}

/** What stands beside and below the picture: it may be a frame behind, so that the picture is not. */
export function later(Body: (told: Told) => ReactNode): () => ReactNode {
  const Kept = memo(Body)
  return function Later() {
    const figure = useFigureStore()
    const s = useDeferredValue(useStore(figure.store))
    return <Kept s={s} figure={figure} />
  }
}
