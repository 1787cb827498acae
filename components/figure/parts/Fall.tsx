import type { ReactNode } from 'react'
import type { Menu } from '../store/state.ts'
import { useFigure, useFigureStore } from '../use.tsx'
import css from '../Figure.module.css'

interface Props {
  readonly menu: Menu
  /** What its button says, and what it is named where that says more. */
  readonly label: string
  readonly name?: string
  readonly children: ReactNode
}

/** A button, and what falls out below it. Escape, a press elsewhere and leaving it close it. */
export function Fall({ menu, label, name = label, children }: Props) {
  const { dispatch } = useFigureStore()
  const open = useFigure((_, s) => s.menu === menu)
  return (
    <>
      <button
        type="button"
        className={css.plain}
        data-opens={menu}
        aria-label={name}
        aria-expanded={open}
        onClick={() => dispatch({ type: 'menu', menu })}
      >
        {label}
      </button>
      {open && (
        <div className={css.fall} data-menu={menu} role="region" aria-label={name}>
          {children}
        </div>
      )}
    </>
  )
}
