import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The first test that failed. */
export interface Catcher {
  readonly file: string
  readonly test: string
}
export interface Caught {
  readonly id: string
  readonly file: string
  readonly by: Catcher | null
}

/** Unit tests that ask no kernel, as arguments for vitest: the quick ones first, then the laws over all worlds, then what was captured. */
export const ROUNDS: readonly (readonly string[])[] = [
  ['test/walk/forwarding.test.ts', 'test/walk/golden.test.ts'],
  ['test/verify/faults.test.ts', 'test/verify/tunnels.test.ts', '-t', 'how it ends'],
  ['test/facts/worlds.test.ts', 'test/link'],
  [
    'test/wire',
    'test/lookup',
    'test/programs/tcp.test.ts',
    'test/nf/conntrack.test.ts',
    'test/vpc/vpc.test.ts',
    'test/nf/bridged-dnat.test.ts',
    'test/walk/budgets.test.ts',
    'test/nf/marks.test.ts',
    'test/programs/relay.test.ts',
  ],
  ['test/topology', 'test/labs', 'test/facts/conntrack-tcp.test.ts', 'test/analysis'],
  ['test/walk/laws.test.ts', 'test/worlds', 'test/hostile'],
  ['test/verify/kept.test.ts'],
]

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const LONGEST_MS = 600_000

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Runs the unit tests on a mutant, or for null on the code as it is, round after round, to the first failure; null if there is none. Throws Error if a round could not be run. */
export async function catcherOf(
  id: string | null,
  rounds: readonly (readonly string[])[],
): Promise<Catcher | null> {
  for (const args of rounds) {
    const failed = await firstFailure(id, args)
    if (failed !== null) return failed
  }
  return null
}

async function firstFailure(id: string | null, args: readonly string[]): Promise<Catcher | null> {
  const dir = mkdtempSync(join(tmpdir(), 'packet-walk-mutant-'))
  try {
    const out = join(dir, 'report.json')
    const all = [
      join(TOP, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'test/vitest.config.ts',
      '--bail=1',
      '--reporter=json',
      `--outputFile=${out}`,
      ...args,
    ]
    const said = await ended(
      spawn(process.execPath, all, {
        cwd: TOP,
        env: id === null ? process.env : { ...process.env, MUTANT: id },
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: LONGEST_MS,
      }),
    )
    return catcherIn(
      reportIn(out, `${id ?? 'the code as it is'}: ${args.join(' ')} did not run: ${said}`),
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((done) => {
    let said = ''
    child.stderr?.on('data', (b: Buffer) => {
      said = `${said}${b.toString()}`.slice(-2000)
    })
    child.on('close', () => {
      done(said)
    })
  })
}

function reportIn(path: string, otherwise: string): Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    throw new Error(otherwise)
  }
}

function catcherIn(report: Report): Catcher | null {
  for (const f of report.testResults) {
    const test = f.assertionResults.find((a) => a.status === 'failed')
    if (test !== undefined) return { file: relative(TOP, f.name), test: test.fullName }
    // Not a single test of the file could be run.
    if (f.status === 'failed' && f.assertionResults.length === 0)
      return {
        file: relative(TOP, f.name),
        test: `(the file itself) ${f.message.split('\n')[0] ?? ''}`,
      }
  }
  return null
}

/** The table that is kept. A test's name is as it is printed, on one line, without what would end the cell. */
export function tableText(caught: readonly Caught[]): string {
  const cell = (s: string): string => s.replaceAll(/\s+/g, ' ').replaceAll('|', '¦').slice(0, 120)
  const row = (c: Caught): string =>
    `| ${c.id} | ${c.file} | ${c.by === null ? '**nobody**' : `${c.by.file} › ${cell(c.by.test)}`} |`
  return `# Mutants and what catches them\n\nMade by \`npm run mutants\`: one wrong line each (mutants.ts), and the first unit test that fails of it; no kernel is asked.\n\n| mutant | in | caught by |\n|---|---|---|\n${caught.map(row).join('\n')}\n`
}
