import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it, vi } from 'vitest'
import { COMMANDS, OPTIONS, type Option } from '#lib/cli/options.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { RUNS } from '../arbitraries.ts'
import { ran, spawned, top } from './run.ts'

// What a kernel says is asked elsewhere; here no namespace is made.
vi.mock('#lib/cli/kernels.ts', () => ({
  kernelFor: () => ({ kernel: { kernel: '', cannot: 'a test\nasks', missing: [] }, says: null }),
}))

const dir = mkdtempSync(join(tmpdir(), 'packet-walk-'))
afterAll(() => rmSync(dir, { recursive: true }))
const FILES = {
  'empty.yaml': '',
  'list.yaml': '- 1\n',
  'open.yaml': 'packet-walk: 1\nnetwork: [',
  'wrong.yaml': 'packet-walk: 2\nnetwork: x\nnodes: 5\n"\u001b[31m": 1\n',
  'bytes.json': '{\u0000\ufffe',
  'long.yaml': `packet-walk: 1\nnetwork: ${'x'.repeat(5000)}\n`,
  'two words.yaml':
    'packet-walk: 1\nnetwork: flannel-vxlan\nnodes: [{ name: n, ip: 192.168.0.10 }]\npods: [{ name: a, node: n }]\n',
}
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(dir, name), text)

const right = fc.constantFrom(
  ...Object.keys(SCENARIOS),
  ...Object.keys(FILES).map((f) => join(dir, f)),
  join(top, 'public/example.yaml'),
  dir,
  '/dev/null',
)
const wrong = fc.oneof(
  fc.constantFrom(
    '',
    '-',
    '--',
    '=',
    '__proto__',
    'constructor',
    'flannel',
    'ping',
    'web',
    'a b',
    '\u001b[31m',
    '\u202e',
    'x'.repeat(3000),
    '-1',
    '1e9',
    '999999999999999999999',
    'ü',
    '🐳',
    '10.1.1',
    ':',
    ':80',
    'node-1:80:80',
  ),
  fc.string({ maxLength: 12 }),
)
const value = fc.oneof(
  fc.constantFrom(
    'ping',
    'service',
    'first-to-last',
    'node-1',
    'node-2',
    'web-app-frontend-1',
    'backend-service-2',
    'backend-service-2:8080',
    'backend:80',
    '10.1.20.3',
    '192.168.0.200:80',
    'web',
    'api-2:8080',
    'internet:443',
  ),
  fc.constantFrom(
    'udp',
    'tcp',
    'icmp',
    '0',
    '1',
    '64',
    '1472',
    '9000',
    'jumbo',
    'drop-route',
    'jumbo,drop-route',
    'story',
    'network',
    'kernel',
    'bash',
    'fish',
  ),
  wrong,
)
const all = Object.entries<Option>(OPTIONS)
const option = fc.oneof(
  // A file is written in a folder of the test's own, or nowhere.
  fc
    .tuple(fc.constantFrom(...all), value, fc.boolean())
    .map(
      ([[name, o], any, inline]) =>
        [
          name,
          o,
          name === 'pcap' ? join(dir, any === '' ? '' : 'out.pcapng') : any,
          inline,
        ] as const,
    )
    .map(([name, o, v, inline]) =>
      o.value === undefined ? [`--${name}`] : inline ? [`--${name}=${v}`] : [`--${name}`, v],
    ),
  fc.constantFrom(
    ['--from', 'web-app-frontend-1', '--to', 'backend-service-2'],
    ['--flow', 'ping'],
    ['--from', 'node-1', '--to', 'node-2:9'],
    ['-h'],
    ['-V'],
    ['-x'],
    ['--siez', '3'],
    ['--json=1'],
    ['--from'],
  ),
)
/** A flow and one option more: much of this is right. */
const good = fc
  .tuple(
    fc.constantFrom(
      ['--from', 'web-app-frontend-1', '--to', 'backend-service-2'],
      ['--flow', 'ping'],
      ['--flow', 'service'],
      ['--from', 'node-1', '--to', 'node-2:9'],
    ),
    fc.oneof(option, fc.constant([])),
  )
  .map(([f, o]) => [...f, ...o].map((x) => [x]))
const vector = fc
  .tuple(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...Object.keys(COMMANDS)) },
      { weight: 1, arbitrary: fc.oneof(wrong, fc.constantFrom('help', 'version', 'trcae')) },
    ),
    fc.oneof(
      { weight: 3, arbitrary: right.map((w) => [w]) },
      { weight: 1, arbitrary: fc.array(fc.oneof(right, wrong), { maxLength: 2 }) },
    ),
    fc.oneof(fc.array(option, { maxLength: 4 }), good),
    fc.boolean(),
  )
  .map(([command, words, options, first]) =>
    first ? [command, ...words, ...options.flat()] : [command, ...options.flat(), ...words],
  )

it('300 lines of right and wrong words: an exit status that is documented, and on standard error short lines, never a stack', async () => {
  const seen = new Set<number | null>()
  await fc.assert(
    fc.asyncProperty(vector, async (args) => {
      const r = await ran(...args)
      seen.add(r.status)
      expect([0, 1, 2, 3]).toContain(r.status)
      const lines = r.err.split('\n').slice(0, -1)
      const refused = r.status === 2
      expect(refused ? r.out : '').toBe('')
      expect(refused ? lines.length : 1).toBeGreaterThan(0)
      const oneLine = lines.length === 1 && /^packet-walk: .*\n$/.test(r.err)
      expect(!refused || args[0] === 'validate' || oneLine).toBe(true)
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(300)
        expect(line).not.toMatch(
          /\p{Cc}|\u202e|^\s+at |undefined|\[object|Error:|To specify|ERR_PARSE/u,
        )
        // A place before the colon, and behind it more than a name.
        expect(!refused || /\S: \S.{6,}/.test(line)).toBe(true)
      }
      const json =
        r.err === '' &&
        args.includes('--json') &&
        (args[0] === 'trace' || args[0] === 'list') &&
        !/^(packet-walk |usage)/.test(r.out)
      expect(() => JSON.parse(json ? r.out : 'null') as unknown).not.toThrow()
    }),
    RUNS,
  )
  expect([...seen].toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 1, 2, 3])
}, 300_000)

it.each<readonly string[]>([
  ['trace', join(dir, 'open.yaml'), '--flow', 'ping'],
  ['trace', 'vpc-cni', '--flow', 'x'.repeat(3000)],
  ['validate', join(dir, 'bytes.json')],
  ['nonsense', '🐳'],
])('as a process: %j', (...args) => {
  const r = spawned(dir, ...args)
  expect([r.status, r.out]).toEqual([2, ''])
  expect(r.err).not.toMatch(/^\s+at /m)
})
