import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS, SHELLS } from '#lib/cli/options.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { ran } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'packet-walk-'))
afterAll(() => rmSync(dir, { recursive: true }))
beforeAll(async () => {
  for (const shell of SHELLS)
    writeFileSync(join(dir, `script.${shell}`), (await ran('completion', shell)).out)
  writeFileSync(join(dir, 'my cluster.yaml'), '')
})

const vpc = SCENARIOS['vpc-cni']!
/** The words of a line, the last one begun, and what it may become. */
const LINES: readonly (readonly [readonly string[], readonly string[]])[] = [
  [[''], [...Object.keys(COMMANDS), 'help', 'version', '--help', '--version']],
  [['tr'], ['trace']],
  [['help', 've'], ['verify']],
  [['trace', 'flannel-v'], ['flannel-vxlan']],
  [['validate', 'my'], ['my cluster.yaml']],
  [['trace', 'my'], ['my cluster.yaml']],
  [['trace', 'vpc-cni', '--flow', ''], Object.keys(vpc.flows)],
  [['trace', 'docker-bridge', '--flow', 's'], ['same-host']],
  [
    ['verify', 'flannel-udp', '--what-if', 'stop'],
    ['stop-flanneld', 'stop-flanneld-2'],
  ],
  [
    ['trace', 'vpc-cni', '--from', 'w'],
    ['web-app-frontend-1', 'web-app-frontend-2'],
  ],
  [
    ['trace', 'vpc-cni', '--to', 'backend'],
    ['backend-service-1', 'backend-service-2', 'backend'],
  ],
  [
    ['trace', 'vpc-cni', '--from', 'node-1', '--proto', ''],
    ['icmp', 'udp', 'tcp'],
  ],
  [['trace', 'vpc-cni', '--detail', 'k'], ['kernel']],
  [['trace', 'vpc-cni', '--size', ''], []],
  [['trace', 'nowhere.yaml', '--flow', ''], []],
  [
    ['trace', 'vpc-cni', '--w'],
    ['--warm', '--what-if'],
  ],
  [
    ['list', '--'],
    ['--json', '--help', '--version'],
  ],
  [['lab', 'vpc-cni', '--wh'], ['--what-if']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
]
const OF_BASH: typeof LINES = [
  [['trace', 'vpc-cni', '--what-if', 'jumbo,delete-n'], ['jumbo,delete-neigh']],
  // Bash takes a word apart at its COMP_WORDBREAKS.
  [
    ['trace', 'vpc-cni', '--flow', '=', 'node'],
    ['node-port', 'node-port-inside'],
  ],
  [['trace', 'vpc-cni', '--flow', '='], Object.keys(vpc.flows)],
]

function run(shell: string, args: readonly string[], script: string): string[] {
  const r = spawnSync(shell, [...args, script], { cwd: dir, encoding: 'utf8' })
  expect(r.stderr).toBe('')
  return r.stdout.split('\n').filter((x) => x !== '')
}
const quote = (words: readonly string[]): string => words.map((w) => `'${w}'`).join(' ')

describe('bash', () => {
  it.each([...LINES, ...OF_BASH])('packet-walk %j: %j', (words, become) => {
    const line = `source script.bash; COMP_WORDS=(packet-walk ${quote(words)}); COMP_CWORD=${words.length}; _packet_walk; printf '%s\\n' "\${COMPREPLY[@]}"`
    expect(run('bash', ['--norc', '-c'], line)).toEqual(become)
  })
  it('completes the word packet-walk', () => {
    expect(run('bash', ['--norc', '-c'], 'source script.bash; complete -p packet-walk')).toEqual([
      'complete -F _packet_walk packet-walk',
    ])
  })
})

const has = (shell: string): boolean => {
  const there = spawnSync(shell, ['--version']).status === 0
  if (!there)
    process.stderr.write(
      `\n${shell.toUpperCase()} IS NOT INSTALLED: its completion is NOT TESTED here.\n`,
    )
  return there
}

describe.skipIf(!has('zsh'))('zsh', () => {
  // What the completion system gives a function, and what it takes from it.
  const system =
    'compadd() { [[ $1 == -- ]] && shift; print -rl -- ${(M)@:#$PREFIX*} }; compset() { PREFIX=${PREFIX##*,} }; _files() { print -rl -- ${PREFIX}*(N) }; setopt extendedglob'
  it.each(LINES)('packet-walk %j: %j', (words, become) => {
    expect(
      run(
        'zsh',
        ['-f', '-c'],
        `${system}; source ./script.zsh; words=(packet-walk ${quote(words)}); CURRENT=${words.length + 1}; PREFIX='${words.at(-1)}'; _packet_walk`,
      ),
    ).toEqual(become)
  })
  it('registers itself where completion is on', () => {
    expect(run('zsh', ['-f', '-c'], 'compdef() { print $* }; source ./script.zsh')).toEqual([
      '_packet_walk packet-walk',
    ])
  })
})

describe.skipIf(!has('fish'))('fish', () => {
  it.each(LINES)('packet-walk %j: %j', (words, become) => {
    const shown = run(
      'fish',
      ['--no-config', '-c'],
      `source script.fish; complete -C'packet-walk ${words.join(' ')}'`,
    ).map((l) => l.split('\t')[0]!.replaceAll('\\', ''))
    // fish shows the long names of options only where they are begun, and sorts; a file and its folder both.
    expect(shown.toSorted()).toEqual(
      (words.at(-1) === '' && words.length === 1
        ? [...Object.keys(COMMANDS), 'help', 'version']
        : become
      ).toSorted(),
    )
  })
})
