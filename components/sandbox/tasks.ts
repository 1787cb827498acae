import type { Goal, Task } from '#lib/index.ts'

/* The tasks of the chapters, as the page of the sandbox has them: a link names one. */

/** A task to be done here: its solution is not. */
export interface Posed {
  readonly name: string
  readonly task: Omit<Task, 'solution'>
  readonly goals: readonly Goal[]
}

const tasks = new Map<string, Posed>()

export function pose(all: readonly Posed[]): void {
  for (const t of all) tasks.set(t.name, t)
}

export const taskOf = (name: string): Posed | undefined => tasks.get(name)
