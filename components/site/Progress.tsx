'use client'
import { useState } from 'react'
import { download } from '#components/save/take.ts'
import { exercises as words } from '#components/words/exercises.ts'
import { progressFile, takeProgress } from './kept.ts'

/** What was done here, to be taken along as a file, and one to be taken in. */
export function Progress() {
  const [said, setSaid] = useState('')
  const says = words()
  const save = (): void => {
    download('packet-walk-progress.json', new Blob([progressFile()], { type: 'application/json' }))
    setSaid(says.progressSaved)
  }
  const take = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) setSaid(says.progressTaken(takeProgress(await file.text())))
  }
  return (
    <div data-progress-file="">
      <p>{says.progress}</p>
      <p>
        <button type="button" onClick={save}>
          {says.progressSave}
        </button>{' '}
        <label>
          {says.progressTake}{' '}
          <input
            type="file"
            accept="application/json,.json"
            onChange={(e) => {
              void take(e.target.files?.[0])
              e.target.value = ''
            }}
          />
        </label>
      </p>
      <p role="status">{said}</p>
    </div>
  )
}
