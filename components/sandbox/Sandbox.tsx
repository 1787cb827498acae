'use client'
import { useEffect, useState } from 'react'
import { Shown } from '#components/figure/Figure.tsx'
import { keepSandboxAddress } from './address.ts'
import { Controls } from './Controls.tsx'
import { Packet } from './Packet.tsx'
import { createSandbox } from './store.ts'
import { Tables } from './Tables.tsx'
import { Task } from './Task.tsx'
import { Told } from './Told.tsx'
import { SandboxContext } from './use.tsx'
import { WhatIfs } from './WhatIfs.tsx'
import css from './Sandbox.module.css'

interface SandboxProps {
  /** The fragment it is read from. */
  readonly born: string
  /** What is walked, and nothing to change it by. */
  readonly bare: boolean
}

/** A network of the reader's own: everything is a row, and every row can be changed. Rows on one side, the picture on the other. */
export function Sandbox({ born, bare }: SandboxProps) {
  const [sandbox] = useState(() => createSandbox(born, bare))
  useEffect(() => keepSandboxAddress(sandbox, born), [sandbox, born])
  if (bare)
    return (
      <SandboxContext value={sandbox}>
        <Told />
        <Shown figure={sandbox.figure} />
      </SandboxContext>
    )
  return (
    <SandboxContext value={sandbox}>
      <div
        className={css.sandbox}
        onKeyDown={(e) => {
          const field =
            e.target instanceof HTMLInputElement || e.target instanceof HTMLTextAreaElement
          if (!(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== 'z' || field) return
          e.preventDefault()
          sandbox.dispatch({ type: e.shiftKey ? 'redo' : 'undo' })
        }}
      >
        <div className={css.tools}>
          <Told />
          <Task />
          <Controls />
          <Packet />
          <WhatIfs />
          <Tables />
        </div>
        <div className={css.stage}>
          <Shown figure={sandbox.figure} />
        </div>
      </div>
    </SandboxContext>
  )
}
