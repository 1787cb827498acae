'use client'
import { useMemo, useState } from 'react'
import type { Flow } from '#lib/index.ts'
import { ByHand } from '#components/save/ByHand.tsx'
import { copyText, download } from '#components/save/take.ts'
import { sandbox as words } from '#components/words/sandbox.ts'
import type { Recipe } from './recipe.ts'
import type { Built } from './build.ts'
import { clusterText, commandHere, fileName } from './text.ts'
import type { Uncopied } from '#components/words/en/figure.ts'
import css from './Sandbox.module.css'

interface FileProps {
  readonly box: Recipe
  readonly built: Built
  /** What is sent in the picture. */
  readonly flow: Flow
}

/** The sandbox as a cluster file, to be read, copied or kept. */
export function File({ box, built, flow }: FileProps) {
  const text = useMemo(() => clusterText(box, built, flow), [box, built, flow])
  const command = useMemo(() => commandHere(box, built, flow), [box, built, flow])
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
    download(fileName(box), new Blob([text], { type: `application/${type}` }))
    setSaid(words().saved)
  }
  return (
    <details className={css.asked}>
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
      {command !== null && (
        <p>
          {words().command}: <code translate="no">{command}</code>
        </p>
      )}
      <pre tabIndex={0}>{text}</pre>
    </details>
  )
}
