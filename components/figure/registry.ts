/* The figures of a page, by their names: how a phrase finds the one it is about. Every page has this file at once, so it knows no figure's inside. */

import type { Topology, Walk } from '#lib/index.ts'

/** What a phrase may know and ask of a figure. */
export interface Found {
  /** The key of the step it shows. */
  readonly key: () => string
  /** The flow it shows. */
  readonly flow: () => string
  /** The tables as they stand before anything is sent: those of its world, with what was changed. */
  readonly tables: () => Topology
  /** Those of its world as it ships. */
  readonly begun: () => Topology
  /** Makes a change of its world, or takes it back; `made` are those that are made. */
  readonly change: (whatIf: string) => void
  readonly made: () => readonly string[]
  /** Shows a walk that is not its own, with what is said of it; it runs, from a step of it if one is named. */
  readonly show: (walk: Walk, says: string, step?: number) => void
  /** Another flow of the scene that is read: it runs. */
  readonly send: (flow: string) => void
  /** Shows a step by its key, and with null again what was shown before. */
  readonly peek: (key: string | null) => void
  /** A question was answered: these changes are made, and the packet runs. */
  readonly reveal: (whatIfs: readonly string[]) => void
  /** Goes to a step by its key; `from` is the phrase, to come back to. */
  readonly ask: (key: string, from: HTMLElement) => void
}

const figures = new Map<string, Found>()
const watchers = new Map<string, Set<() => void>>()

/** A figure is there. Returns what takes it away. */
export function enter(id: string, figure: Found): () => void {
  figures.set(id, figure)
  changed(id)
  return () => {
    if (figures.get(id) === figure) figures.delete(id)
  }
}

/** A figure shows another step. */
export function changed(id: string): void {
  for (const f of watchers.get(id) ?? []) f()
}

/** Calls back when a figure comes, and when its step may be another. Returns what ends it. */
export function watch(id: string, f: () => void): () => void {
  const all = watchers.get(id) ?? new Set()
  watchers.set(id, all)
  all.add(f)
  return () => {
    all.delete(f)
  }
}

export function figureOf(id: string): Found | undefined {
  return figures.get(id)
}
