import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { layout } from '#components/diagram/layout/index.ts'
import { Picture } from '#components/diagram/Picture.tsx'
import { wrapOf } from '#components/diagram/wrap.ts'
import { walk } from '#lib/walk/walk.ts'
import { TOPOLOGIES } from './topologies.ts'

/* A packet in three others, as it is drawn: no world of ours has more than one around another. */

const { topology, flows } = TOPOLOGIES['three nested tunnels']!()
const w = walk(topology, flows[0]!)
const scene = layout(topology, w)

/** The picture at a step, as a page would have it. */
const drawn = (n: number): string =>
  renderToStaticMarkup(
    createElement(
      'svg',
      null,
      createElement(Picture, { scene, walk: w, step: w.steps[n]!, hatch: 'h' }),
    ),
  )
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0
/** The first stretch of the way that is wrapped so often. */
const run = (svg: string, outer: number): string =>
  new RegExp(
    `<g class="[^"]*" data-outer="${outer}" data-hidden="(?:true|false)"[\\s\\S]*?</g>`,
  ).exec(svg)?.[0] ?? ''
const envelopes = (svg: string, kind: string): number =>
  count(
    svg.slice(svg.indexOf('data-card')),
    new RegExp(
      `<g class="[^"]*envelope[^"]*" data-kind="${kind}" data-fresh="(?:true|false)" data-ghost="false"`,
      'g',
    ),
  )

describe('three nested tunnels', () => {
  const own = w.steps.filter((s) => s.message === w.steps[0]!.message)
  const at = (outer: number): number => own.find((s) => wrapOf(s).outer === outer)!.n
  it.each([0, 1, 2, 3])(
    'a packet in %i others is in as many sleeves, and in as many envelopes in its card',
    (outer) => {
      const svg = drawn(at(outer))
      expect(envelopes(svg, 'outer')).toBe(outer)
      expect(envelopes(svg, 'packet')).toBe(1)
      // Of the way, what is wrapped so deep and done.
      const end = drawn(own.findLast((s) => wrapOf(s).outer === outer)!.n)
      expect(count(run(end, outer), /class="[^"]*sleeve/g)).toBe(outer)
      expect(count(run(end, outer), /class="[^"]*core/g)).toBe(1)
    },
  )
  it('the packet comes out of all of them', () => {
    const svg = drawn(own.at(-1)!.n)
    expect([0, 1, 2, 3].map((outer) => run(svg, outer) !== '')).toEqual([true, true, true, true])
    expect(envelopes(svg, 'outer')).toBe(0)
  })
})
