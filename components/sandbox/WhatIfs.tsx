import { sandbox as words } from '#components/words/sandbox.ts'
import { useSandbox, useSandboxStore } from './use.tsx'
import type { Asked } from './what-ifs.ts'
import css from './Sandbox.module.css'

/** The questions that the world of this network asks: each makes its edits, and takes them back. */
export function WhatIfs() {
  const asked = useSandbox((sandbox, s) => sandbox.whatIfs(s))
  if (asked.length === 0) return null
  return (
    <details className={css.asked}>
      <summary>{words().whatIfs}</summary>
      <ul>
        {asked.map((a) => (
          <WhatIf key={a.id} asked={a} />
        ))}
      </ul>
    </details>
  )
}

function WhatIf({ asked: { title, edits } }: { readonly asked: Asked }) {
  const { dispatch } = useSandboxStore()
  const made = useSandbox((_, s) => s.box.edits)
  const texts = made.map((e) => JSON.stringify(e))
  const at = edits.map((e) => texts.indexOf(JSON.stringify(e)))
  const on = !at.includes(-1)
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={on}
          onChange={() => dispatch(on ? { type: 'without', gone: at } : { type: 'edits', edits })}
        />{' '}
        {title}
      </label>
    </li>
  )
}
