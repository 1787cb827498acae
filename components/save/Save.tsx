'use client'
import { useState } from 'react'
import { toJson, type Walk } from '#lib/index.ts'
import { ByHand } from './ByHand.tsx'
import { copyText, download, notLoaded } from './take.ts'
import css from './Save.module.css'

interface Props {
  readonly name: string; readonly title: string; readonly walk: Walk; readonly caption: string
  readonly picture: () => SVGSVGElement | null; readonly link: () => string; readonly embed: (() => string) | null
}

type Tools = typeof import('./still.ts')
/** What draws a picture and writes a capture is a file of its own. It comes when the menu is pointed at or opened. */
const tools = (): Promise<Tools> => import('./still.ts')
/** Offline it is asked for again when it is wanted, and then it is told. */
const fetchTools = (): void => { tools().catch(() => {}) }

/** Takes the figure along: as a picture, as the walk itself, as a link, as a frame for another page. */
export function Save({ name, title, walk, caption, picture, link, embed }: Props) {
  const [said, setSaid] = useState({ text: '', bad: false })
  const [byHand, setByHand] = useState<{ readonly text: string; readonly why: string } | null>(null)
  const say = (text: string, bad: boolean, ms: number): void => { const now = { text, bad }; setSaid(now); setTimeout(() => setSaid((x) => (x === now ? { text: '', bad: false } : x)), ms) }
  const done = (what: string, ms = 2500): void => say(what, false, ms)
  const copy = async (text: string, what: string): Promise<void> => {
    const why = await copyText(text)
    if (why === null) { setByHand(null); done(what) } else setByHand({ text, why })
  }
  const still = async (as: (svg: string, t: Tools) => Blob | Promise<Blob>, ext: string): Promise<void> => {
    const t = await tools().catch(() => null)
    const svg = picture()
    if (t === null) say(`Not saved: what draws the picture is missing, ${notLoaded()}.`, true, 15_000)
    else if (svg === null) say('Not saved: there is no picture here.', true, 15_000)
    else { download(`${name}.${ext}`, await as(t.stillOf(svg, caption), t)); done('Saved') }
  }
  const capture = async (): Promise<void> => {
    const t = await tools().catch(() => null)
    if (t === null) { say(`Not saved: what writes the capture is missing, ${notLoaded()}.`, true, 15_000); return }
    download(`${name}.pcapng`, new Blob([t.pcapng(walk)], { type: 'application/x-pcapng' }))
    done(['Saved.', ...t.captureNotes(walk)].join(' '), 30_000)
  }
  // What can be taken along, each by its own name.
  const ways: readonly (readonly [string, () => Promise<void>])[] = [
    ['Copy link to this step', () => copy(link(), 'Link copied')],
    ...(embed === null ? [] : [['Copy frame for a web page', () => copy(`<iframe src="${embed()}" title="${title.replaceAll('"', '&quot;')}" width="100%" height="900" loading="lazy" allow="clipboard-write"></iframe>`, 'Frame copied')] as const]),
    ['Picture as SVG', () => still((svg) => new Blob([svg], { type: 'image/svg+xml' }), 'svg')],
    ['Picture as PNG', () => still((svg, t) => t.pngOf(svg), 'png')],
    ['Walk as JSON', () => { download(`${name}.json`, new Blob([JSON.stringify(toJson(walk), null, 2)], { type: 'application/json' })); done('Saved'); return Promise.resolve() }],
    ['Capture for Wireshark', capture],
    ['Print as a storyboard', () => { print(); return Promise.resolve() }],
  ]
  const failed = (error: unknown): void => say(`Not saved: ${error instanceof Error ? error.message : String(error)}.`, true, 15_000)
  return (
    <details className={css.save} onPointerEnter={fetchTools} onFocus={fetchTools} onKeyDown={(e) => { if (e.key === 'Escape' && e.currentTarget.open) { e.currentTarget.open = false; e.currentTarget.querySelector('summary')?.focus(); e.stopPropagation() } }} onBlur={(e) => { if (!e.currentTarget.contains(e.relatedTarget)) e.currentTarget.open = false }}>
      <summary>Share, save</summary>
      <div className={css.menu}>
        {ways.map(([what, f]) => <button key={what} type="button" onClick={() => { f().catch(failed) }}>{what}</button>)}
        <p role="status" data-bad={said.bad}>{said.text}</p>
        {byHand !== null && <ByHand {...byHand} close={() => setByHand(null)} />}
      </div>
    </details>
  )
}
