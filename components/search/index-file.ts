import { BASE } from '#components/site/base.ts'
import { searcher, type Found, type IndexFile } from './find.ts'

let asked: Promise<(query: string) => readonly Found[]> | undefined

/** The search, when its index is there: fetched once. Rejects where it does not come, and is asked for anew the next time. */
export function theSearch(): Promise<(query: string) => readonly Found[]> {
  asked ??= fetch(`${BASE}/search.json`)
    .then((r) => {
      if (!r.ok) throw new Error(`search.json: ${r.status}`)
      return r.json() as Promise<IndexFile>
    })
    .then(searcher)
  asked.catch(() => {
    asked = undefined
  })
  return asked
}
