import { describe, expect, it } from 'vitest'
import { renamed } from '#components/chapter/aliases.ts'

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
