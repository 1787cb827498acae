import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '#lib/cli/check.ts'
import { umlAbility } from '#lib/cli/uml.ts'
import { clusterOf, SCENARIOS } from '#lib/worlds/all.ts'
import { netns, withSpace } from '#lib/topology/topology.ts'
import { brieflyOf, fileOf, generated, reproduction } from './generate.ts'

/* A second kernel, older and built otherwise, shows the same walks, and shows them to whoever is not root. */

const a = umlAbility()
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined)
    throw new Error(`User-Mode Linux must be asked here, but: ${a.cannot}`)
  process.stderr.write(`\nSKIPPED: no second kernel is asked: ${a.cannot}\n\n`)
}
/** Of a machine that does much else. */
const LIMIT = 600_000
const TOP = fileURLToPath(new URL('../..', import.meta.url))
/** A flow of each kind of network, and of each world that only this kernel has the devices for; kept.test.ts has all that it showed. */
const FLOWS = {
  'docker-ports': 'b-to-c',
  'flannel-vxlan': 'service',
  'vpc-cni': 'ping',
  'sg-per-pod': 'probe',
  'lyft-ipvlan': 'service',
  encapsulations: 'ping',
  'calico-ipip': 'ping',
  'calico-cross-subnet': 'to-other-subnet',
} as const

describe.skipIf(a.cannot !== null)(`User-Mode Linux ${a.kernel} agrees`, () => {
  afterAll(() => a.close())

  it(
    'one flow of each kind of world',
    async () => {
      for (const [world, name] of Object.entries(FLOWS)) {
        const s = SCENARIOS[world]!
        const began = performance.now()
        const [r] = await check(
          { world, whatIf: [], topology: s.topology },
          [{ name, flow: s.flows[name]! }],
          { ability: a },
        )
        process.stdout.write(
          `User-Mode Linux: ${world}, ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
        )
        expect([world, r!.kernel, r!.verdict, r!.differences]).toEqual([
          world,
          a.kernel,
          'agrees',
          [],
        ])
        expect(r!.frames, world).toBeGreaterThan(10)
      }
    },
    LIMIT,
  )

  it(
    'generated clusters, as many as begin within a minute, five at most',
    async () => {
      const until = performance.now() + 60_000
      const wrong: string[] = []
      for (let seed = 1; seed <= 5 && (seed === 1 || performance.now() < until); seed += 1) {
        const g = generated(seed)
        const [r] = await check(
          { world: `seed ${seed}`, whatIf: [], topology: clusterOf(fileOf(g)).topology },
          [{ name: brieflyOf(g), flow: g.flow }],
          { ability: a },
        )
        if (r!.verdict !== 'agrees') wrong.push(brieflyOf(g), ...r!.differences, reproduction(g))
      }
      expect(wrong.join('\n')).toBe('')
    },
    LIMIT,
  )

  it(
    'what a lab’s tools refuse is told in their words, and the next lab is built all the same',
    async () => {
      const s = SCENARIOS['docker-bridge']!
      const node = netns(s.topology, 'node-1')!
      const twice = withSpace(s.topology, {
        ...node,
        routes: [...node.routes, ...node.routes.filter((r) => r.via !== undefined)],
      })
      await expect(a.open(twice)).rejects.toThrow(/File exists/)
      const lab = await a.open(s.topology)
      await lab.close()
    },
    LIMIT,
  )
})

describe.skipIf(a.cannot !== null || process.getuid?.() !== 0)('without root', () => {
  // A folder of its own, so that what is left there is this test's.
  let dir = ''
  /** The project, where anybody may enter: it may stand in root's own folder. */
  let here = ''
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'uml-test-'))
    here = mkdtempSync(join(tmpdir(), 'uml-here-'))
    spawnSync('chmod', ['777', dir])
  })
  afterAll(() => {
    rmSync(dir, { recursive: true })
    // Empty, and only that: the project is mounted there in a namespace of its own.
    rmdirSync(here)
  })
  const words = (): string[] => [
    '--mount',
    'sh',
    '-c',
    'mount --bind "$0" "$1" && cd "$1" && shift && exec setpriv "$@"',
    TOP,
    here,
    '--reuid',
    '65534',
    '--regid',
    '65534',
    '--clear-groups',
    process.execPath,
    'lib/cli/packet-walk.mjs',
    'verify',
    'docker-bridge',
    '--flow',
    'ping',
    '--json',
  ]
  const env = (): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    TMPDIR: dir,
    NODE_ENV: 'test',
  })
  /** Its folder; what compiles the sources keeps one too. */
  const left = (): string[] => readdirSync(dir).filter((f) => f.startsWith('packet-walk'))
  /** The processes of a machine in the folder. */
  const alive = (): string =>
    spawnSync('pgrep', ['-f', `uml_dir=${dir}`], { encoding: 'utf8' }).stdout
  const gone = async (): Promise<void> => {
    for (let i = 0; i < 100 && (alive() !== '' || left().length > 0); i += 1)
      await new Promise((done) => {
        setTimeout(done, 100)
      })
  }

  it(
    'verify asks User-Mode Linux, says so, and leaves nothing',
    async () => {
      const r = spawnSync('unshare', words(), { encoding: 'utf8', env: env() })
      expect([r.status, r.stderr]).toEqual([
        0,
        expect.stringMatching(
          new RegExp(
            `^packet-walk: verify: the running kernel, .*: needs root; asking User-Mode Linux ${a.kernel}\n$`,
          ),
        ),
      ])
      expect(JSON.parse(r.stdout)).toMatchObject({
        kernel: a.kernel,
        results: [{ kernel: a.kernel, verdict: 'agrees' }],
      })
      await gone()
      expect([alive(), left()]).toEqual(['', []])
    },
    LIMIT,
  )

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ended by %s it leaves nothing either',
    async (signal) => {
      const child = spawn('unshare', words(), { env: env(), stdio: 'ignore' })
      // A kernel that is up has helpers, and processes that it traces.
      const up = (): boolean => alive().split('\n').length > 6
      for (let i = 0; i < 600 && !up(); i += 1)
        await new Promise((done) => {
          setTimeout(done, 100)
        })
      expect(up()).toBe(true)
      child.kill(signal)
      await gone()
      expect([alive(), left()]).toEqual(['', []])
    },
    LIMIT,
  )
})
