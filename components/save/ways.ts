import type { Walk } from '#lib/index.ts'
import type { Taken } from '#components/words/en/figure.ts'
import { figure } from '#components/words/figure.ts'
import { download, notLoaded } from './take.ts'

/** What is taken along, as it is when it is taken. */
export interface Taking {
  /** Of the files, without what stands behind the point. */
  readonly name: string
  readonly title: string
  readonly walk: Walk
  readonly caption: () => string
  readonly picture: () => SVGSVGElement | null
  readonly link: () => string
  /** The address for a frame. */
  readonly embed: () => string
}

/** What is said of it afterwards, for so many milliseconds. */
export interface Outcome {
  readonly text: string
  readonly bad: boolean
  readonly ms: number
}

type Tools = typeof import('./still.ts')
/** What draws a picture and writes a capture is a file of its own. It comes when the menu is pointed at or opened. */
const tools = (): Promise<Tools> => import('./still.ts')
/** Offline it is asked for again when it is wanted, and then it is told. */
export const fetchTools = (): void => {
  tools().catch(() => {})
}

const SHORT = 2500
/** What is to be read takes longer than what is to be seen. */
const BAD = 15_000
const LONG = 30_000
export const bad = (text: string): Outcome => ({ text, bad: true, ms: BAD })
export const good = (text: string, ms = SHORT): Outcome => ({ text, bad: false, ms })

/** Does something with the tools; without them it says so. */
async function withTools(
  what: Taken,
  f: (t: Tools) => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  const t = await tools().catch(() => null)
  return t === null ? bad(figure().notSavedMissing(what, notLoaded())) : f(t)
}

/** The picture as a file of its own. */
export const asPicture = (t: Taking, form: 'svg' | 'png'): Promise<Outcome> =>
  withTools('picture', async ({ stillOf, pngOf }) => {
    const svg = t.picture()
    if (svg === null) return bad(figure().notSavedNoPicture)
    const text = stillOf(svg, t.caption())
    const file = form === 'svg' ? new Blob([text], { type: 'image/svg+xml' }) : await pngOf(text)
    download(`${t.name}.${form}`, file)
    return good(figure().saved)
  })

/** The frames of the walk, for Wireshark. */
export const asCapture = ({ name, walk }: Taking): Promise<Outcome> =>
  withTools('capture', ({ pcapng, captureNotes }) => {
    download(`${name}.pcapng`, new Blob([pcapng(walk)], { type: 'application/x-pcapng' }))
    return good(figure().savedWith(captureNotes(walk)), LONG)
  })

export const asJson = ({ name, walk }: Taking): Promise<Outcome> =>
  withTools('walk', ({ toJson }) => {
    const text = JSON.stringify(toJson(walk), null, 2)
    download(`${name}.json`, new Blob([text], { type: 'application/json' }))
    return good(figure().saved)
  })

/** A frame with the figure in it, for another page. */
export const frameOf = ({ title }: Taking, address: string): string =>
  `<iframe src="${address}" title="${title.replaceAll('"', '&quot;')}" width="100%" height="480" loading="lazy" allow="clipboard-write"></iframe>`
