import { describe, expect, it } from 'vitest'
import { read, stepOf, write } from '#components/figure/store/link.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const home = { scenario: 'flannel-udp', flow: 'ping', here: (id: string) => SCENARIOS[id] }
const state = {
  scenario: 'flannel-vxlan',
  flow: 'ping',
  whatIfs: ['delete-fdb'],
  key: 'a b',
  detail: 'story',
  against: null,
  draw: null,
} as const

describe('links', () => {
  it('of a world that is not here are believed until it is', () => {
    const away = { ...home, here: () => undefined }
    expect(read('#f=1;lan;any;thing;k', 'f', away)).toMatchObject({
      scenario: 'lan',
      flow: 'any',
      whatIfs: ['thing'],
      notice: null,
    })
    expect(read('#f=1;gone;any;;k', 'f', away)).toMatchObject({ scenario: 'flannel-udp' })
    expect(read('#f.view=1;facts;', 'f', away)).toMatchObject({ flow: 'ping' })
    expect(read('#f=1;lan;any;thing;k', 'f', home)?.notice).toMatch(/any/)
  })
  it('say and read the same, and leave other figures their part', () => {
    const hash = write('#other=1;a;b;;c&heading', 'f', {
      ...state,
      whatIfs: Object.keys(SCENARIOS['flannel-vxlan']!.whatIfs).slice(0, 2),
      key: 'node-1/flannel.1 xmit#2',
    })
    expect(hash).toContain('other=1;a;b;;c')
    expect(read(hash, 'f', home)).toMatchObject({
      scenario: 'flannel-vxlan',
      flow: 'ping',
      key: 'node-1/flannel.1 xmit#2',
      notice: null,
    })
    expect(read(hash, 'g', home)).toBeNull()
  })
  it.each([
    '#f=2;a;b;c;d',
    '#f=1;gone;ping;;x',
    '#f=1;flannel-udp;gone;;x',
    '#f=1;flannel-udp;ping;gone;x',
    '#f=1;__proto__;x;y;z',
    '#f=',
  ])('%s falls back with a notice', (hash) => {
    const l = read(hash, 'f', home)!
    expect(l.notice).toMatch(/link/)
    expect(SCENARIOS[l.scenario]?.flows[l.flow]).toBeDefined()
  })
  it('a step key that is gone goes to the nearest', () => {
    expect(stepOf(['a x', 'b y'], 'b y')).toEqual({ step: 1, exact: true })
    expect(stepOf(['a x', 'b y'], 'b y#7')).toEqual({ step: 1, exact: false })
    expect(stepOf(['a x', 'b y'], 'c z')).toEqual({ step: 0, exact: false })
  })
  it('a draw is in the link, and nothing else is taken for one', () => {
    const hash = write('', 'f', { ...state, draw: 12 })
    expect(read(hash, 'f', home)).toMatchObject({
      draw: 12,
      detail: 'story',
      against: null,
      notice: null,
    })
    for (const bad of ['-1', 'x', '1e9', '99999999999', '1.5'])
      expect(read(hash.replace(';12', `;${bad}`), 'f', home)?.draw, bad).toBeNull()
    expect(write('', 'f', state)).not.toContain('.view')
  })
})
