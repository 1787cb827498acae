import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { WORLD_IDS } from '#lib/worlds/index.ts'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ran as cli, spawned } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'packet-walk-'))
afterAll(() => rmSync(dir, { recursive: true }))

const PAIR = ['--from', 'web-app-frontend-1', '--to', 'backend-service-2:8080']

describe('trace', () => {
  it('prints the walk, at most 100 columns, and ends with delivered', async () => {
    const r = await cli('trace', 'flannel-udp', ...PAIR)
    expect(r.status).toBe(0)
    const lines = r.out.trimEnd().split('\n')
    expect(lines.at(-1)).toBe('delivered')
    expect(lines.filter((l) => l.length > 100)).toEqual([])
    expect(r.out).toContain('flanneld')
    expect(r.out).not.toContain('\u001b')
  })
  it('--detail tells more: every step by its number', async () => {
    const told = async (detail: string): Promise<string> =>
      (await cli('trace', 'flannel-udp', ...PAIR, '--detail', detail)).out
    const [story, network, kernel] = [
      await told('story'),
      await told('network'),
      await told('kernel'),
    ]
    expect(story).toBe((await cli('trace', 'flannel-udp', ...PAIR)).out)
    expect(story.split('\n').length).toBeLessThan(40)
    expect(network.length).toBeGreaterThan(2 * story.length)
    const { steps } = JSON.parse((await cli('trace', 'flannel-udp', ...PAIR, '--json')).out) as {
      steps: { n: number }[]
    }
    expect([...kernel.matchAll(/^ +(\d+) {2}\S/gm)].map((m) => Number(m[1]))).toEqual(
      steps.map((x) => x.n),
    )
  })
  it('goes to a Service by its name; the draw chooses the endpoint', async () => {
    const to = async (draw: string): Promise<string> =>
      (
        await cli(
          'trace',
          'flannel-vxlan',
          '--from',
          'web-app-frontend-1',
          '--to',
          'backend:80',
          '--draw',
          draw,
        )
      ).out
    const [near, far] = [await to('0'), await to('1')]
    expect(near.replace(/\s+/g, ' ')).toMatch(
      /→ 10\.1\.15\.3:8080\. The draw 0\.\d+ is below 0\.5: endpoint 1 of 2\./,
    )
    expect(far.replace(/\s+/g, ' ')).toMatch(
      /→ 10\.1\.20\.3:8080\. The draw 0\.\d+ is not below 0\.5: endpoint 2 of 2\./,
    )
    for (const out of [near, far]) expect(out.trimEnd().split('\n').at(-1)).toBe('delivered')
    expect(await to('1')).toBe(far)
  })
  it.skipIf(process.platform === 'win32')('reads no more of a file than one may have', async () => {
    const r = await cli('trace', '/dev/zero', '--flow', 'ping')
    expect([r.status, r.err]).toEqual([
      2,
      'packet-walk: /dev/zero: more than the 16 MiB that a file may have; write a large cluster with count\n',
    ])
  })
  it('exits 1 and says where and why when it is dropped', async () => {
    const r = await cli('trace', 'flannel-host-gw', ...PAIR)
    expect(r.status).toBe(1)
    expect(r.out.replace(/\n +/g, ' ').trimEnd().split('\n').at(-1)).toMatch(
      /^dropped at vpc\/eni-node-1-eth0: .*source-dest-check, ENI_SOURCE_DEST_CHECK_RESTRICTION\)$/,
    )
  })
  it('--json has the shape of the contract', async () => {
    const r = await cli(
      'trace',
      'flannel-vxlan',
      '--from',
      'web-app-frontend-1',
      '--to',
      'backend-service-2',
      '--json',
    )
    const j = JSON.parse(r.out) as {
      version: number
      delivered: boolean
      drop: null
      steps: Record<string, unknown>[]
      frames: {
        seq: number
        hex: string
        layers: { type: string }[]
        dir: string
        to: string | null
      }[]
    }
    expect([j.version, j.delivered, j.drop]).toEqual([1, true, null])
    expect(Object.keys(j.steps[0]!)).toEqual([
      'n',
      'from',
      'in',
      'dev',
      'stage',
      'decision',
      'refs',
      'why',
      'frames',
    ])
    expect(j.frames.map((f) => f.seq)).toEqual(j.frames.map((_, i) => i))
    expect(j.frames.every((f) => (f.dir === 'in') === (f.to !== null))).toBe(true)
    expect(Math.max(...j.frames.map((f) => f.hex.length / 2))).toBe(148)
  })
  it('--pcap writes what --json calls frames, and prints as without it', async () => {
    const file = join(dir, 'walk.pcapng')
    const plain = await cli('trace', 'flannel-vxlan', ...PAIR, '--json')
    expect(await cli('trace', 'flannel-vxlan', ...PAIR, '--json', '--pcap', file)).toEqual(plain)
    const written = readFileSync(file)
    const frames = (JSON.parse(plain.out) as { frames: { hex: string }[] }).frames
    let at = 0
    for (const f of frames) {
      at = written.indexOf(f.hex, at, 'hex')
      expect(at).toBeGreaterThan(0)
      at += f.hex.length / 2
    }
    expect((await cli('trace', 'flannel-host-gw', ...PAIR, '--pcap', file)).status).toBe(1)
    expect(readFileSync(file).length).toBeLessThan(written.length)
  })
  it('--pcap of a file that cannot be written: one line, exit 2, nothing printed', async () => {
    expect(
      await cli('trace', 'flannel-vxlan', ...PAIR, '--pcap', join('nowhere', 'walk.pcapng')),
    ).toEqual({
      status: 2,
      out: '',
      err: 'packet-walk: --pcap nowhere/walk.pcapng: cannot be written (ENOENT); name a file in a folder that is there and yours to write\n',
    })
    expect((await cli('trace', 'flannel-vxlan', ...PAIR, '--pcap', '.')).err).toContain(
      'cannot be written (EISDIR)',
    )
    expect((await cli('trace', '--help')).out).toContain('--pcap FILE')
  })
  it.each([
    [['trace', 'nowhere', ...PAIR], /nowhere: no such world or file/],
    [
      ['trace', 'vpc-cni', '--from', 'a', '--to', 'b'],
      /--from a: no pod, node or host has that name; there are/,
    ],
    [['trace', 'vpc-cni'], /--from and --to/],
    [['trace', 'vpc-cni', ...PAIR, '--ttl', '300'], /--ttl 300: .* a whole number/],
    [['trace', 'vpc-cni', ...PAIR, '--draw', 'x'], /--draw x: .* a whole number/],
    [['trace', 'vpc-cni', ...PAIR, '--nonsense'], /nonsense/],
    [
      ['trace', 'vpc-cni', ...PAIR, '--what-if', 'x'],
      /--what-if x: vpc-cni has no such what-if; there are/,
    ],
    [['trace', 'constructor', ...PAIR], /constructor: no such world or file/],
    [
      ['trace', 'vpc-cni', ...PAIR, '--what-if', '__proto__'],
      /--what-if __proto__: vpc-cni has no such/,
    ],
    [['trace', 'vpc-cni', '--flow', 'toString'], /--flow toString: vpc-cni has no such/],
    [
      ['trace', 'vpc-cni', '--from', 'web-app-frontend-1', '--to', 'backend-service-2:99999'],
      /99999/,
    ],
    [['sing'], /sing: no such command/],
  ])('%s: one line, exit 2, no stack', async (args, message) => {
    const r = await cli(...args)
    expect(r.status).toBe(2)
    expect(r.err.trimEnd().split('\n')).toHaveLength(1)
    expect(r.err).toMatch(message)
    expect(r.err).not.toMatch(/\n\s+at /)
  })
  it.each([[['--help']], [['trace', '--help']], [['list', '--help']], [['validate', '--help']]])(
    '%s helps',
    async (args) => {
      expect(await cli(...args)).toMatchObject({ status: 0, err: '' })
    },
  )
})

describe('a process of its own', () => {
  it('in another folder: the command does not depend on where it is called', () => {
    expect(spawned(dir, 'trace', 'flannel-udp', ...PAIR)).toMatchObject({
      status: 0,
      err: '',
      out: expect.stringMatching(/\ndelivered\n$/) as string,
    })
    expect(spawned(dir, 'trcae')).toEqual({
      status: 2,
      out: '',
      err: 'packet-walk: trcae: no such command; did you mean trace?\n',
    })
  })
})

describe('files', () => {
  it('a cluster file is a world; validate prints every problem', async () => {
    const good = join(dir, 'good.yaml')
    writeFileSync(
      good,
      'packet-walk: 1\nnetwork: flannel-vxlan\nnodes:\n  - { name: node-1, ip: 192.168.0.10, podCidr: 10.1.1.0/24 }\n  - { name: node-2, ip: 192.168.0.11, podCidr: 10.1.2.0/24 }\npods:\n  - { name: web, node: node-1 }\n  - { name: api, node: node-2, listen: [tcp/8080] }\n',
    )
    expect((await cli('validate', good)).status).toBe(0)
    expect((await cli('trace', good, '--from', 'web', '--to', 'api:8080')).status).toBe(0)
    const bad = join(dir, 'bad.yaml')
    writeFileSync(
      bad,
      'packet-walk: 1\nnetwork: flannel-vxlan\ncolour: red\nnodes:\n  - { name: node-1, ip: 192.168.0.10, podCidr: 10.1.1.0/24 }\n  - { name: node-1, ip: 192.168.0.11, podCidr: 10.1.1.0/24 }\n',
    )
    const r = await cli('validate', bad)
    expect(r.status).toBe(2)
    expect(r.err).toMatch(
      /^nodes\[1\]\.podCidr: 10\.1\.1\.0\/24 overlaps nodes\[0\]\.podCidr; give it a range of its own$/m,
    )
    expect(r.err.trimEnd().split('\n').length).toBeGreaterThan(2)
  })
  it.each<[readonly string[], RegExp]>([
    [['flannel-udp'], /flannel-udp is a world of this program, not a file/],
    [['a', 'b'], /one file, not also b/],
    [['nowhere.yaml'], /nowhere\.yaml: no such/],
  ])('validate %j: one line, exit 2', async (args, line) => {
    const r = await cli('validate', ...args)
    expect([r.status, r.err.trimEnd().split('\n').length]).toEqual([2, 1])
    expect(r.err).toMatch(line)
  })
  it('nothing in a file or its name steers the terminal', async () => {
    const file = join(dir, 'red\u001b[31m\u009b.yaml')
    writeFileSync(
      file,
      'packet-walk: 1\nnetwork: vpc-cni\nnodes: [{ name: "a\\e[31m\\u009b" }]\n"\\e[2J": 1\n',
    )
    const r = await cli('trace', file, ...PAIR)
    writeFileSync(file, '')
    for (const { status, err } of [
      r,
      await cli('validate', file),
      await cli('trace', `${file}x`, ...PAIR),
    ]) {
      expect(status).toBe(2)
      expect(err).toContain('\\u001b')
      expect(err.trimEnd()).not.toMatch(/\p{Cc}/u)
    }
  })
})

it('list --json names worlds, what-ifs and the closed list of drop reasons', async () => {
  const j = JSON.parse((await cli('list', '--json')).out) as {
    scenarios: { id: string }[]
    drops: { reason: string }[]
  }
  expect(j.scenarios.map((s) => s.id)).toEqual(WORLD_IDS)
  expect(j.drops.length).toBeGreaterThan(30)
})
