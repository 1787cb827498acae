'use client'
import { useState } from 'react'
import { toJson, type Walk } from '#lib/index.ts'
import css from './Save.module.css'

interface Props {
  readonly name: string; readonly title: string; readonly walk: Walk; readonly caption: string
  readonly picture: () => SVGSVGElement | null; readonly link: () => string; readonly embed: (() => string) | null
}

/** Takes the figure along: as a picture, as the walk itself, as a link, as a frame for another page. */
export function Save({ name, title, walk, caption, picture, link, embed }: Props) {
  const [said, setSaid] = useState('')
  const done = (what: string, ms = 2500): void => { setSaid(what); setTimeout(() => setSaid((now) => (now === what ? '' : now)), ms) }
  const copy = (text: string, what: string) => async (): Promise<void> => { await navigator.clipboard.writeText(text); done(what) }
  const still = async (): Promise<{ readonly svg: string; readonly tools: typeof import('./still.ts') } | null> => {
    const tools = await import('./still.ts')
    const svg = picture()
    return svg === null ? null : { svg: tools.stillOf(svg, caption), tools }
  }
  // What can be taken along, each by its own name.
  const ways: readonly (readonly [string, () => Promise<void>])[] = [
    ['Copy link to this step', () => copy(link(), 'Link copied')()],
    ...(embed === null ? [] : [['Copy frame for a web page', () => copy(`<iframe src="${embed()}" title="${title.replaceAll('"', '&quot;')}" width="100%" height="900" loading="lazy" allow="clipboard-write"></iframe>`, 'Frame copied')()] as const]),
    ['Picture as SVG', async () => { const s = await still(); if (s !== null) s.tools.download(`${name}.svg`, new Blob([s.svg], { type: 'image/svg+xml' })); done('Saved') }],
    ['Picture as PNG', async () => { const s = await still(); if (s !== null) s.tools.download(`${name}.png`, await s.tools.pngOf(s.svg)); done('Saved') }],
    ['Walk as JSON', async () => { const s = await import('./still.ts'); s.download(`${name}.json`, new Blob([JSON.stringify(toJson(walk), null, 2)], { type: 'application/json' })); done('Saved') }],
    ['Capture for Wireshark', async () => { const s = await import('./still.ts'); s.download(`${name}.pcapng`, new Blob([s.pcapng(walk)], { type: 'application/x-pcapng' })); done(['Saved.', ...s.captureNotes(walk)].join(' '), 30_000) }],
    ['Print as a storyboard', () => { print(); return Promise.resolve() }],
  ]
  return (
    <details className={css.save} onKeyDown={(e) => { if (e.key === 'Escape' && e.currentTarget.open) { e.currentTarget.open = false; e.currentTarget.querySelector('summary')?.focus(); e.stopPropagation() } }} onBlur={(e) => { if (!e.currentTarget.contains(e.relatedTarget)) e.currentTarget.open = false }}>
      <summary>Share, save</summary>
      <div className={css.menu}>
        {ways.map(([what, f]) => <button key={what} type="button" onClick={() => { f().catch(() => done('The browser did not allow it')) }}>{what}</button>)}
        <p role="status">{said}</p>
      </div>
    </details>
  )
}
