import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  judgeKept,
  keep,
  kernelVersion,
  packed,
  shownIn,
  unpacked,
} from '#lib/analysis/kernel/keep.ts'
import {
  badgeText,
  inRuns,
  runOf,
  type Also,
  type Kept,
  type Told,
} from '#lib/analysis/kernel/kept.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { KEPT, keptText, readOthers, summarise, summaryText, walkOf } from './kept-files.ts'

/* What Linux showed of every flow under every what-if, kept by `npm run verify:all -- --record public/kernel`: any machine can hold today's walks against it. */

const { cannot } = ability()
if (cannot !== null)
  console.warn(
    `The walks are compared with KEPT captures of Linux only, not with a kernel: ${cannot}`,
  )

const read = (world: string): Kept =>
  JSON.parse(readFileSync(join(KEPT, `${world}.json`), 'utf8')) as Kept
/** Worlds of devices that 6.18 was built without. */
const ALONE = ['lyft-ipvlan', 'sg-per-pod', 'encapsulations', 'calico-ipip', 'calico-cross-subnet']
const AWS = /not verifiable outside AWS/

describe.each(
  Object.keys(SCENARIOS).flatMap((world) => {
    const first = read(world)
    return [first, ...readOthers(world)].map((kept) => [world, kept.kernel, kept, first] as const)
  }),
)('%s, as Linux %s showed it', (world, _, kept, first) => {
  const s = SCENARIOS[world]!
  it('has every flow, and under every what-if if it is the running kernel’s', () => {
    const names = kept === first ? ['', ...Object.keys(s.whatIfs)].toSorted() : ['']
    expect(
      Object.fromEntries(
        Object.entries(kept.runs).map(([flow, each]) => [
          flow,
          Object.keys(each)
            .toSorted()
            .filter((w) => names.includes(w)),
        ]),
      ),
    ).toEqual(Object.fromEntries(Object.keys(s.flows).map((f) => [f, names])))
  })
  it('agrees with today’s walks, frame by frame', () => {
    const wrong: string[] = []
    let frames = 0
    for (const [flow, each] of Object.entries(kept.runs))
      for (const [whatIf, run] of Object.entries(each)) {
        const v = judgeKept(kept, run, walkOf(world, flow, whatIf, kept.kernel))
        frames += v.frames
        // What 6.1 sends again while a lab waits is in no recording (test/verify/all.ts).
        if ('lacks' in run && run.lacks.some((x) => x.includes('tcp_rto_min_us'))) continue
        if (v.verdict !== 'agrees')
          wrong.push(`${flow} ${whatIf}: ${v.verdict} ${v.differences.slice(0, 3).join('; ')}`)
      }
    expect(wrong).toEqual([])
    expect(frames).toBeGreaterThan(kept === first ? 500 : 100)
  })
})

describe.each(Object.keys(SCENARIOS))('%s', (world) => {
  const kept = read(world)
  it('is summed up as it is, and written as it is read', () => {
    expect(
      readFileSync(join(KEPT, 'summary', `${world}.json`), 'utf8'),
      'sum up anew: npm run verify:all -- --summaries public/kernel',
    ).toBe(summaryText(summarise(kept, readOthers(world))))
    expect(readFileSync(join(KEPT, `${world}.json`), 'utf8')).toBe(keptText(kept))
  }, 120_000)
  it('was shown by two kernels, which README.md names', () => {
    const names = [kept, ...readOthers(world)].map((k) => /^\d+\.\d+/.exec(k.kernel)![0])
    // One that has devices which 6.18 was built without was asked of 6.1 alone.
    expect(names).toEqual(ALONE.includes(world) ? ['6.1'] : ['6.18', '6.1'])
    expect(
      readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8'),
    ).toContain(names.length === 1 ? 'of the second only' : `Linux ${names.join(' and ')}`)
  })
})

describe('a kept capture', () => {
  const kept = read('flannel-vxlan')
  const run = kept.runs['ping']![''] as Extract<
    Kept['runs'][string][string],
    { frames: readonly number[] }
  >
  const w = walkOf('flannel-vxlan', 'ping', '')
  it('differs when one bit of it does', () => {
    const n = run.frames[1]!
    const bytes = unpacked(kept.bytes[n]!)
    // The last bytes of an ARP request or an echo: an address, or payload.
    const other = `${bytes.slice(0, -1)}${(Number.parseInt(bytes.at(-1)!, 16) ^ 1).toString(16)}`
    expect(judgeKept({ ...kept, bytes: kept.bytes.with(n, other) }, run, w).verdict).toBe('differs')
    expect(judgeKept(kept, run, w).verdict).toBe('agrees')
  })
  it('differs when a frame of it is gone, a counter moved, or the program learned something else', () => {
    expect(
      judgeKept(kept, { ...run, frames: run.frames.slice(0, -2) }, w).differences.join(),
    ).toMatch(/missing|only|kernel/)
    expect(judgeKept(kept, { ...run, outcome: 'nothing' }, w).differences).toEqual([
      'the program: kernel nothing, ours answer',
    ])
    expect(judgeKept(kept, { ...run, lost: 1 }, w).differences).toEqual([
      'the capture lost 1 frame',
    ])
    expect(
      judgeKept(
        kept,
        {
          ...run,
          counters: { ...run.counters, 'node-1': { IpInAddrErrors: 1, IpOutNoRoutes: 7 } },
        },
        w,
      ).verdict,
    ).toBe('differs')
  })
  it('that no lab could show is not verified', () => {
    expect(judgeKept(kept, { lacks: ['no vxlan here'] }, w)).toMatchObject({
      verdict: 'not verified',
      frames: 0,
      notVerified: ['no vxlan here'],
    })
  })
  it('says of AWS’s own drops that they are not verified', () => {
    const vpc = read('vpc-cni')
    expect(
      judgeKept(
        vpc,
        vpc.runs['ping']!['deny-security-group']!,
        walkOf('vpc-cni', 'ping', 'deny-security-group'),
      ).notVerified.some((x) => AWS.test(x)),
    ).toBe(true)
  })
  it('comes back as it was', () => {
    const shown = shownIn(kept, run)
    expect(shown.frames.length).toBe(run.frames.length / 2)
    const again = keep('6.18.44-builder', kept.world, { ping: { '': { shown, gaps: run.gaps } } })
    expect(again.kernel).toBe('6.18.44')
    expect(shownIn(again, again.runs['ping']![''] as typeof run)).toEqual(shown)
    expect(() =>
      keep('6', 'w', {
        f: { '': { shown: { ...shown, frames: [{ ...shown.frames[0]!, len: 9000 }] }, gaps: [] } },
      }),
    ).toThrow('a kept frame is whole')
  })
  it('has its bytes packed and unpacked without a loss', () => {
    const counting = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 600 }))
      .map(([from, n]) => Uint8Array.from({ length: n }, (_, i) => from + i))
    fc.assert(
      fc.property(fc.array(fc.oneof(counting, fc.uint8Array({ maxLength: 40 }))), (parts) => {
        const hex = parts.map((p) => Buffer.from(p).toString('hex')).join('')
        expect(unpacked(packed(hex))).toBe(hex)
      }),
    )
    expect(
      packed(Buffer.from(Uint8Array.from({ length: 1000 }, (_, i) => i)).toString('hex')).length,
    ).toBeLessThan(20)
  })
  it('is small, together with the others', () => {
    const size = (dir: string): number =>
      readdirSync(dir).reduce((n, f) => {
        const s = statSync(join(dir, f))
        return n + (s.isDirectory() ? size(join(dir, f)) : s.size)
      }, 0)
    // The VPC CNI’s alone has a third of it: what its versions and settings change is asked of each flow.
    expect(size(KEPT)).toBeLessThan(0.55e6 * Object.keys(SCENARIOS).length)
  })
})

describe('the line below a figure', () => {
  const told = (t: Partial<Told>): Told => ({
    verdict: 'agrees',
    frames: 214,
    allowances: { 'ip-id': 9, 'tcp-clock': 1, draw: 2 },
    ...t,
  })
  const at = { flow: 'ping', whatIf: '' }
  const other = (verdict?: Told['verdict']): Also => ({
    kernel: '6.1.176',
    runs: verdict === undefined ? {} : { ping: { '': verdict } },
  })
  it.each<[Told, readonly Also[], string | null]>([
    [told({}), [], 'Linux 6.18 agrees: 214 frames, 3 kinds of difference allowed'],
    [told({}), [other()], 'Linux 6.18 agrees: 214 frames, 3 kinds of difference allowed'],
    [
      told({}),
      [other('agrees')],
      'Linux 6.18 and 6.1 agree: 214 frames, 3 kinds of difference allowed',
    ],
    [
      told({}),
      [other('not verified')],
      'Linux 6.18 agrees: 214 frames, 3 kinds of difference allowed',
    ],
    [
      told({}),
      [other('differs')],
      'Linux 6.18 agrees: 214 frames, 3 kinds of difference allowed; Linux 6.1 differs from this walk',
    ],
    [
      told({ frames: 1, allowances: { 'ip-id': 1 } }),
      [other('agrees')],
      'Linux 6.18 and 6.1 agree: 1 frame, 1 kind of difference allowed',
    ],
    [
      told({ frames: 0, allowances: {} }),
      [],
      'Linux 6.18 agrees: no frames, no difference allowed',
    ],
    [told({ verdict: 'differs' }), [], 'Linux 6.18 differs from this walk'],
    [
      told({ verdict: 'differs' }),
      [other('agrees')],
      'Linux 6.18 differs from this walk; Linux 6.1 agrees',
    ],
    [told({ verdict: 'differs' }), [other('differs')], 'Linux 6.18 and 6.1 differ from this walk'],
    [told({ verdict: 'not verified' }), [other()], null],
  ])('%o, beside %o', (t, also, text) => {
    expect(badgeText({ kernel: '6.18.44', also }, at, t)).toBe(text)
  })
  it('has a kernel’s version without what its builder appends', () => {
    expect([
      kernelVersion('6.18.44-cloud-amd64'),
      kernelVersion('7.0'),
      kernelVersion('weird'),
    ]).toEqual(['6.18.44', '7.0', 'weird'])
  })
  it('is of a world as it stands, with one what-if at most', () => {
    const s = SCENARIOS['vpc-cni']!
    const flow = s.flows['ping']!
    expect(runOf(SCENARIOS, s, { flow, whatIfs: [], edits: 0 })).toEqual({
      flow: 'ping',
      whatIf: '',
    })
    expect(runOf(SCENARIOS, s, { flow, whatIfs: ['drop-route'], edits: 0 })).toEqual({
      flow: 'ping',
      whatIf: 'drop-route',
    })
    expect(
      runOf(SCENARIOS, s, { flow, whatIfs: ['drop-route', 'deny-security-group'], edits: 0 }),
    ).toBeNull()
    expect(runOf(SCENARIOS, s, { flow, whatIfs: ['constructor'], edits: 0 })).toBeNull()
    expect(runOf(SCENARIOS, s, { flow, whatIfs: [], edits: 1 })).toBeNull()
    // A sandbox's network has a world's name.
    expect(runOf(SCENARIOS, { ...s }, { flow, whatIfs: [], edits: 0 })).toBeNull()
    expect(runOf(SCENARIOS, s, { flow: { ...flow }, whatIfs: [], edits: 0 })).toBeNull()
    expect(inRuns({ ping: { '': 1 } }, { flow: 'constructor', whatIf: 'name' })).toBeNull()
    expect(inRuns({ ping: { '': 1 } }, { flow: 'ping', whatIf: '' })).toBe(1)
  })
})
