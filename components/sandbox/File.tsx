'use client'
import { useMemo, useState } from 'react'
import { ByHand } from '#components/save/ByHand.tsx'
import { copyText, download } from '#components/save/take.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import type { Recipe } from './recipe.ts'
import type { Built } from './build.ts'
import { clusterText } from './text.ts'
import type { Uncopied } from '#components/words/en/figure.ts'
import css from './Sandbox.module.css'

/** The sandbox as a cluster file, to be read, copied or kept. */
export function File({ box, built }: { readonly box: Recipe; readonly built: Built }) {
  const text = useMemo(() => clusterText(box, built), [box, built])
  const [said, setSaid] = useState('')
  const [why, setWhy] = useState<Uncopied | null>(null)
  const copy = (): void => {
    void copyText(text).then((failed) => {
      setWhy(failed)
      setSaid(failed === null ? words().copied : '')
    })
  }
  const save = (): void => {
    const type = box.whole ? 'json' : 'yaml'
    download(`${box.network}.${type}`, new Blob([text], { type: `application/${type}` }))
    setSaid(words().saved)
  }
  return (
    <details>
      <summary>{box.whole ? words().topologyFile : words().file}</summary>
      <div className={css.where}>
        <button type="button" onClick={copy}>
          {words().copyFile}
        </button>
        <button type="button" onClick={save}>
          {words().saveFile}
        </button>
        <span role="status">{said}</span>
      </div>
      {why !== null && <ByHand text={text} why={why} close={() => setWhy(null)} />}
      <pre tabIndex={0}>{text}</pre>
    </details>
  )
}
