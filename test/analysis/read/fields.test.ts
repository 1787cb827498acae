import { describe, expect, it } from 'vitest'
import { fieldsOf, walk, type Walk } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const of = (world: string, flow = Object.keys(SCENARIOS[world]!.flows)[0]!): Walk =>
  walk(SCENARIOS[world]!.topology, SCENARIOS[world]!.flows[flow]!)

describe('fields', () => {
  const w = of('flannel-udp')
  const daemon = w.steps.find((s) => s.stage === 'daemon')!
  const wrapped = w.steps.find((s) => s.n > daemon.n && s.stage === 'route-out')!
  it('say what is new and what changed, from the innermost out', () => {
    const now = fieldsOf(
      wrapped.packet,
      w.steps.find((s) => s.stage === 'route' && s.in === 'node-1')!.packet,
    )
    expect(now.filter((f) => f.header < 2).every((f) => f.fresh)).toBe(true)
    expect(
      now.filter((f) => f.was !== null).map((f) => `${f.header} ${f.name} ${f.was} ${f.text}`),
    ).toEqual(
      ['2 ttl 63 62', expect.stringMatching(/^2 checksum 0x\w{4} 0x\w{4}$/)].toSpliced(
        0,
        1,
        expect.stringMatching(/^2 ttl/),
      ),
    )
  })
  it('hold right checksums everywhere, in every world', () => {
    for (const world of Object.keys(SCENARIOS))
      for (const f of of(world).frames)
        for (const x of fieldsOf(f.packet))
          expect(x.right, `${world} ${f.in}/${f.dev} ${x.kind}.${x.name}`).not.toBe(false)
    expect(fieldsOf(wrapped.packet).filter((f) => f.right === true)).toHaveLength(4)
  })
  it('cover every byte of every header, options included', () => {
    expect(fieldsOf(wrapped.packet).find((f) => f.name === 'options')).toMatchObject({
      kind: 'tcp',
      from: 68,
      to: 88,
      text: expect.stringMatching(/^mss \d+, sackOK, TS val \d+ ecr 0, nop, wscale 7$/) as unknown,
    })
    const covered = new Set(
      fieldsOf(wrapped.packet).flatMap((f) =>
        Array.from({ length: f.to - f.from }, (_, i) => f.from + i),
      ),
    )
    expect([...covered].toSorted((x, y) => x - y)).toEqual(Array.from({ length: 88 }, (_, i) => i))
  })
})
