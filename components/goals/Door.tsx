'use client'
import { useSyncExternalStore } from 'react'
import { keptAs } from '#components/site/device.ts'
import { exercises as words } from '#components/words/exercises.ts'
import css from './Goals.module.css'

const never = (): (() => void) => () => {}

/** The way to where a task is done, and whether it was. */
export function Door({ task, to }: { readonly task: string; readonly to: string }) {
  const done = useSyncExternalStore(
    never,
    () => keptAs('tasks')[task] === 'done',
    () => false,
  )
  return (
    <a className={css.open} href={to} data-door={task}>
      {done ? words().again : words().build}
    </a>
  )
}
