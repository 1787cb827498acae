import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessor } from '@mdx-js/mdx'
import { describe, expect, it } from 'vitest'
import { renamed } from '#components/chapter/aliases.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { movedFrom, wasOf } from '#components/chapter/told.ts'
import { CHAPTERS } from '#content/chapters.ts'

/* Chapters once had a figure for each network, and other headings. Links to them open for good: what they named is some scene's now. */

const { outlineOf } = (await import('../../../scripts/outline.mjs' as string)) as {
  readonly outlineOf: (tree: unknown, file: string) => Outline
}
const OLD = [
  {
    file: '04-flannel',
    slug: 'flannel',
    figures: ['f1', 'f2', 'f3', 'f4', 'f5', 'f6'],
    headings: [
      'what-a-pod-is-promised',
      'why-the-network-below-cannot-help',
      'out-of-the-pod',
      'the-bridge-reads-mac-addresses',
      'the-node-routes',
      'a-device-that-leads-into-a-program',
      'the-packet-inside-the-packet',
      'what-the-vpc-sees',
      'up-again',
      'the-reply',
      'the-same-in-the-kernel',
      'no-wrapping-at-all',
      'break-it',
      'stop-flanneld',
      'lose-one-entry',
      'lower-an-mtu',
      'what-aws-sees',
      'count-the-layers',
    ],
  },
  {
    file: '07-vpc-cni',
    slug: 'vpc-cni',
    figures: ['v1', 'v2', 'v3', 'v4', 'v5', 'v6'],
    headings: [
      'an-address-the-vpc-knows',
      'a-pod-alone-on-its-link',
      'which-table',
      'out-to-the-vpc',
      'what-the-vpc-asks',
      'up-on-node-2',
      'two-pods-on-one-node',
      'out-to-the-internet',
      'break-it',
      'deny-in-a-security-group',
      'remove-a-rule-1536',
      'remove-a-rule-512',
      'how-many-pods-fit',
      'side-by-side',
      'what-it-buys-and-what-it-does-not',
    ],
  },
] as const

/** The address of a heading, as the site makes it of plain words. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')
const FOLDER = fileURLToPath(new URL('../../../content/', import.meta.url))
const outlined = (file: string): Outline =>
  outlineOf(createProcessor().parse(readFileSync(`${FOLDER}${file}`, 'utf8')), `content/${file}`)
/** What every chapter has now: their files are in their order. */
const ALL = readdirSync(FOLDER)
  .filter((f) => f.endsWith('.mdx'))
  .toSorted()
  .map((file, i) => ({ slug: CHAPTERS[i]!.slug, outline: outlined(file) }))

describe.each(OLD)('links to $slug as it was', ({ file, slug, figures, headings }) => {
  const text = readFileSync(`${FOLDER}${file}.mdx`, 'utf8')
  const outline = outlined(`${file}.mdx`)
  const there = [...text.matchAll(/^##+ (.+)$/gm)].map((m) => slugOf(m[1]!))

  it('find the chapter', () => {
    expect(CHAPTERS.map((c) => c.slug)).toContain(slug)
  })
  const was = wasOf(outline)
  const scenes = outline.scenes.map((x) => x.attributes['id'])
  it('find each figure: it is the stage, with the scene that had it', () => {
    const [stage] = figures
    expect(outline.stage?.attributes['id']).toBe(stage)
    for (const f of figures.slice(1)) {
      const hash = renamed(`#${f}=1;a;b;;x&${f}.view=1;kernel;`, stage, was)
      const scene = hash.split('&').at(-1)!
      expect(hash).toBe(`#${stage}=1;a;b;;x&${stage}.view=1;kernel;&${scene}`)
      expect(scenes).toContain(scene)
    }
  })
  it.each(headings)('find %s, once, or the chapter that has it now', (heading) => {
    const all = [...there, ...Object.keys(was), ...scenes, ...Object.keys(movedFrom(slug, ALL))]
    expect(all.filter((x) => x === heading)).toEqual([heading])
  })
})

it('what a chapter says another had, that chapter had', () => {
  for (const { outline } of ALL)
    for (const { attributes } of outline.scenes)
      for (const old of (attributes['was'] ?? '').split(' ').filter((x) => x.includes('#'))) {
        const [slug] = old.split('#')
        expect(CHAPTERS.map((c) => c.slug)).toContain(slug)
      }
})
