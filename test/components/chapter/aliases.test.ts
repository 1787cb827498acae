import { describe, expect, it } from 'vitest'
import { gone, renamed } from '#components/chapter/aliases.ts'
import type { Outline } from '#components/chapter/outline.ts'
import { movedFrom, wasOf } from '#components/chapter/told.ts'

const WAS = { f2: 'vxlan', f4: 'stopped', 'break-it': 'stopped' }
const of = (hash: string): string => renamed(hash, 'f1', WAS)

describe('an address of an older form', () => {
  it.each([
    ['nothing', '', ''],
    ['a scene', '#vxlan', '#vxlan'],
    ['a heading that went', '#break-it', '#stopped'],
    ['the stage', '#f1=1;vpc-cni;ping;;a%20b', '#f1=1;vpc-cni;ping;;a%20b'],
    ['a figure that went', '#f2=1;flannel-vxlan;ping;;x', '#f1=1;flannel-vxlan;ping;;x&vxlan'],
    [
      'and how it was looked at',
      '#f4=1;flannel-udp;ping;stop-flanneld;x&f4.view=1;kernel;',
      '#f1=1;flannel-udp;ping;stop-flanneld;x&f1.view=1;kernel;&stopped',
    ],
    [
      'several: the last one was looked at last',
      '#f1=1;a;b;;&f1.view=1;kernel;&f2=1;c;d;;x',
      '#f1=1;c;d;;x&vxlan',
    ],
    ['with a heading that it names itself', '#f2=1;c;d;;x&break-it', '#f1=1;c;d;;x&stopped'],
    ['somebody else’s', '#seed=1;a;b;;&nowhere', '#seed=1;a;b;;&nowhere'],
  ])('%s', (_, before, after) => {
    expect(of(before)).toBe(after)
  })
})

describe('what went to another chapter', () => {
  const scene = (id: string, was: string) => ({ attributes: { id, was }, line: 1, heading: '' })
  const outline = { scenes: [scene('arp', 'flannel#asks flannel#f7 older')] } as unknown as Outline
  const all = [{ slug: 'one-packet', outline }]
  it('is found by its old address', () => {
    const moved = movedFrom('flannel', all)
    expect(gone('#asks', moved)).toBe('../one-packet/#arp')
    expect(gone('#f1=1;a;b;;x&asks', moved)).toBe('../one-packet/#arp')
    expect(gone('#constructor', moved)).toBeUndefined()
    expect(gone('#older', moved)).toBeUndefined()
  })
  it('is no other chapter’s, and not its own', () => {
    expect(movedFrom('vpc-cni', all)).toEqual({})
    expect(wasOf(outline)).toEqual({ older: 'arp' })
  })
})
