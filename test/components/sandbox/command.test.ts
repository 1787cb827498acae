import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WORLDS_HERE } from '#components/figure/effects/worlds.ts'
import { build } from '#components/sandbox/build.ts'
import { fromLink, toLink } from '#components/sandbox/link.ts'
import { START, type Recipe, type Sent } from '#components/sandbox/recipe.ts'
import { isSent } from '#components/sandbox/sent.ts'
import { clusterText, commandHere, fileName } from '#components/sandbox/text.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { ran } from '../../cli/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'command-'))
beforeAll(() => {
  vi.spyOn(WORLDS_HERE, 'here').mockImplementation((id) => SCENARIOS[id])
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** What was asked at each step, and what was answered; what sockets and programs do stands there in words. */
const told = (steps: Walk['steps']): unknown =>
  JSON.parse(
    JSON.stringify(steps.map(({ in: name, dev, stage, decision }) => [name, dev, stage, decision])),
    (key, value: unknown) => (IN_WORDS.has(key) ? undefined : value),
  )
const IN_WORDS: ReadonlySet<string> = new Set(['did', 'what', 'taker'])

const SENDS: readonly Sent[] = [
  { proto: 'icmp' },
  { proto: 'icmp', size: 1473, ttl: 3 },
  { proto: 'icmp', size: 1473, df: true },
  { proto: 'udp', port: 8080 },
  { proto: 'udp', port: 53, sport: 4000, size: 3000 },
  { proto: 'udp', port: 8080, size: 1473, df: true },
  { proto: 'tcp', port: 8080, sport: 4000, size: 5000, ttl: 9 },
  { proto: 'tcp', port: 81 },
]
const BOXES: readonly (readonly [string, Recipe])[] = [
  ...['flannel-vxlan', 'vpc-cni'].flatMap((network) =>
    SENDS.map((sends): readonly [string, Recipe] => [
      `${network} ${JSON.stringify(sends)}`,
      { ...START, network, sends },
    ]),
  ),
  [
    'a row gone, a field gone',
    {
      ...START,
      edits: [
        {
          op: 'set',
          in: 'node-1',
          table: 'routes',
          where: { dst: '10.1.2.0/24' },
          unset: ['via', 'onlink'],
        },
      ],
    },
  ],
  [
    'an end that lost its address',
    {
      ...START,
      edits: [
        { op: 'set', in: 'pod-2-2', table: 'devs', where: { name: 'eth0' }, to: { addrs: [] } },
      ],
    },
  ],
  ['a world as it ships', { ...START, network: 'vpc-cni', whole: true }],
]

describe('the command that stands with the file of a sandbox', () => {
  it.each(BOXES)('%s: walks, of that file, what is shown', async (_, box) => {
    const built = build(box)
    expect(built.left).toEqual([])
    const shown = Object.entries(built.scenario.flows).filter(
      ([name]) => box.sends === null || name === 'packet',
    )
    expect(shown.length).toBeGreaterThan(0)
    let said = 0
    for (const [, flow] of shown) {
      const command = commandHere(box, built, flow)
      if (command === null) continue
      said += 1
      const text = clusterText(box, built, flow)
      // A file of tables has no room for it.
      expect(text.split('\n')[0]).toBe(box.whole ? '{' : `# ${command}`)
      const file = join(folder, fileName(box))
      writeFileSync(file, text)
      const [npx, tool, ...words] = command.split(' ')
      expect([npx, tool, words[1]]).toEqual(['npx', 'packet-walk', fileName(box)])
      const { out, err } = await ran(...words.with(1, file), '--json')
      expect(err).toBe('')
      const { steps } = JSON.parse(out) as Pick<Walk, 'steps'>
      expect(told(steps)).toEqual(told(walk(built.scenario.topology, flow).steps))
    }
    expect(said).toBeGreaterThan(box.whole ? 5 : 0)
  })
})

describe('a packet of the reader’s own', () => {
  it.each(SENDS)('comes out of a link as it went in: %j', (sends) => {
    expect(isSent(sends)).toBe(true)
    const box = { ...START, sends }
    expect(fromLink(toLink('', box))).toEqual({ box, notices: [] })
  })
  it.each([
    {},
    { proto: 'sctp', port: 1 },
    { proto: 'udp' },
    { proto: 'icmp', port: 80 },
    { proto: 'tcp', port: 80, df: true },
    { proto: 'udp', port: 0 },
    { proto: 'udp', port: 80, size: 1.5 },
    { proto: 'udp', port: 80, draw: 1 },
    [],
  ])('that is none is named, and the sandbox is there without: %j', (x) => {
    const link = `#sandbox=${encodeURIComponent(JSON.stringify([1, 'flannel-vxlan', 2, 2, 1500, 'pod-1-1', 'pod-2-2', [], x]))}`
    expect(fromLink(link)?.box.sends).toBeNull()
    expect(fromLink(link)?.notices).toEqual([expect.stringMatching(/^packet: .* is no packet/)])
  })
  it('which the sender cannot send is told, and the other packets are sent', () => {
    const edits = [
      {
        op: 'add',
        in: 'pod-1-1',
        table: 'sockets',
        row: { proto: 'udp', addr: '0.0.0.0', port: 4000, program: 'server' },
      },
    ]
    const built = build({ ...START, edits, sends: { proto: 'udp', port: 80, sport: 4000 } })
    expect(built.left).toEqual([])
    expect(Object.keys(built.scenario.flows)).toEqual(['ping', 'tcp', 'big'])
    expect(built.notices).toEqual([expect.stringMatching(/^Your packet cannot be sent: .*4000/)])
  })
})
