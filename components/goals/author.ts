import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  parseGoals,
  shipped,
  SHIPPED,
  type Goal,
  type GoalsFile,
  type Shipped,
  type Task,
} from '#lib/index.ts'
import type { Posed } from '#components/sandbox/tasks.ts'
import { listed } from '#components/chapter/check.ts'

/* The files of goals and tasks of the chapters, read when pages are built. */

/** How an author names goals: those that ship by their names, and those of a file in content/goals. */
export interface GoalsAsked {
  readonly of?: string
  readonly file?: string
}

const isShipped = (name: string): name is Shipped => Object.hasOwn(SHIPPED, name)

/** The text of a file of the chapters. RangeError where there is none. */
export function contentFile(folder: 'goals' | 'tasks', name: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new RangeError(`${name || '""'} is no name of a file; write a-z, 0-9 and -`)
  try {
    return readFileSync(join(process.cwd(), 'content', folder, `${name}.yaml`), 'utf8')
  } catch {
    throw new RangeError(`there is no content/${folder}/${name}.yaml`)
  }
}

/** The goals that an author names, in his order; all of the file where `of` is left out. RangeError, or a ClusterError of the file, where one is not there. */
export function goalsOf({ of, file }: GoalsAsked): readonly Goal[] {
  const names = listed(of)
  const found = file === undefined ? [] : parseGoals(contentFile('goals', file)).goals
  if (names.length === 0 && found.length === 0)
    throw new RangeError('names no goals; write of="kubernetes-1,…" or file="…"')
  if (names.length === 0) return found
  return names.map((name) => {
    const goal = found.find((g) => g.id === name) ?? (isShipped(name) ? shipped(name) : undefined)
    if (goal === undefined)
      throw new RangeError(
        `no goal is called ${name}; there are ${[...found.map((g) => g.id), ...Object.keys(SHIPPED)].join(', ')}`,
      )
    return goal
  })
}

/** A task of content/tasks, with its goals. RangeError, or a ClusterError of the file, where it is not there. */
export function taskFile(name: string): GoalsFile & { readonly task: Task } {
  const file = parseGoals(contentFile('tasks', name))
  if (file.task === null) throw new RangeError(`content/tasks/${name}.yaml has goals and no task`)
  return { ...file, task: file.task }
}

/** All tasks, for the sandbox: without their solutions. */
export function posed(): readonly Posed[] {
  const folder = join(process.cwd(), 'content', 'tasks')
  const files = existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith('.yaml')) : []
  return files.toSorted().map((f) => {
    const name = f.replace(/\.yaml$/, '')
    const { task, goals } = taskFile(name)
    const { solution: _, ...rest } = task
    return { name, task: rest, goals }
  })
}
