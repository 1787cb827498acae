'use client'
import { useMemo, useState } from 'react'
import { ByHand } from '#components/save/ByHand.tsx'
import { copyText, download } from '#components/save/take.ts'
import type { Box } from './box.ts'
import type { Built } from './build.ts'
import { clusterText } from './text.ts'
import css from './Sandbox.module.css'

/** The sandbox as a cluster file, to be read, copied or kept. */
export function File({ box, built }: { readonly box: Box; readonly built: Built }) {
  const text = useMemo(() => clusterText(box, built), [box, built])
  const [said, setSaid] = useState('')
  const [why, setWhy] = useState<string | null>(null)
  const copy = (): void => { void copyText(text).then((failed) => { setWhy(failed); setSaid(failed === null ? 'Copied' : '') }) }
  const save = (): void => {
    download(`${box.network}.yaml`, new Blob([text], { type: 'application/yaml' }))
    setSaid('Saved')
  }
  return (
    <details>
      <summary>As a cluster file</summary>
      <div className={css.controls}>
        <button type="button" onClick={copy}>Copy the file</button>
        <button type="button" onClick={save}>Save the file</button>
        <span role="status">{said}</span>
      </div>
      {why !== null && <ByHand text={text} why={why} close={() => setWhy(null)} />}
      <pre tabIndex={0}>{text}</pre>
    </details>
  )
}
