import { describe, expect, it } from 'vitest'
import { compare } from '#lib/analysis/kernel/agree.ts'
import type { Fixed } from '#lib/analysis/kernel/allowances.ts'
import { type CapturedFrame, type CapturedLayer, type OurFrame } from '#lib/analysis/read/frames.ts'
import { capture } from './capture.ts'

/* The comparison itself: the kernel's own frames agree with themselves, and with nothing else. */

const probe = capture('L2-flannel-vxlan').probes['tcp']!
const ours = (frames: readonly CapturedFrame[] = probe.frames): OurFrame[] =>
  frames.map((f) => ({ ...f, walk: 0 }))
const differs = (frames: readonly OurFrame[], fixed: Fixed = probe.fixed): readonly string[] =>
  compare(probe.frames, frames, fixed).differences
/** One field of one layer of one frame changed. */
function change(at: number, type: string, key: string, to: unknown): OurFrame[] {
  return ours().map((f, i) =>
    i === at
      ? {
          ...f,
          layers: f.layers.map((x): CapturedLayer => (x.type === type ? { ...x, [key]: to } : x)),
        }
      : f,
  )
}

describe('comparison', () => {
  it('finds nothing in a copy', () => expect(differs(ours())).toEqual([]))
  it.each<[string, OurFrame[]]>([
    ['a frame that is missing', ours().slice(0, -1)],
    ['one too many', [...ours(), ours()[0]!]],
    ['two in another order', ours().with(0, ours()[1]!).with(1, ours()[0]!)],
    ['a TTL', change(3, 'ipv4', 'ttl', 62)],
    ['a MAC', change(0, 'eth', 'src', '02:00:00:00:00:01')],
    ['DF', change(0, 'ipv4', 'df', undefined)],
    ['a port the lab chose', change(0, 'tcp', 'dport', 81)],
    ['a TCP number', change(0, 'tcp', 'seq', 1)],
    ['flags', change(0, 'tcp', 'flags', 'SA')],
    ['a checksum', change(0, 'tcp', 'csum', 'bad')],
    ['a VNI', change(4, 'vxlan', 'vni', 2)],
    ['the MSS', change(0, 'tcp', 'mss', 1400)],
    ['whom it was for', ours().map((f, i) => (i === 1 ? { ...f, to: 'host' as const } : f))],
    ['a length', ours().map((f, i) => (i === 1 ? { ...f, len: 75 } : f))],
    ['an id that changes on the way', change(1, 'ipv4', 'id', 7)],
    ['an id of 0', change(0, 'ipv4', 'id', 0)],
    ['an outer port that changes on the way', change(5, 'udp', 'sport', 40000)],
    [
      'an outer port outside the range',
      ours().map((f) => ({
        ...f,
        layers: f.layers.map((x): CapturedLayer => (x.type === 'udp' ? { ...x, sport: 1024 } : x)),
      })),
    ],
  ])('finds %s', (_, frames) => expect(differs(frames)).not.toEqual([]))
  it('finds ids of a connection that do not count', () => {
    const seen = new Map<number, number>()
    const shuffled = ours().map((f) => ({
      ...f,
      layers: f.layers.map((x): CapturedLayer =>
        x.type === 'ipv4' && x.id !== 0
          ? {
              ...x,
              id:
                100 +
                7 *
                  (seen.get(x.id as number) ??
                    (seen.set(x.id as number, seen.size), seen.size - 1)),
            }
          : x,
      ),
    }))
    expect(differs(shuffled).every((d) => d.includes('do not count up'))).toBe(true)
    expect(differs(shuffled)).not.toEqual([])
  })
})
