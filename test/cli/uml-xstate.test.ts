import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { tooWide, umlAbility, XSTATE } from '#lib/cli/uml.ts'

/* User-Mode Linux on a processor with more state than it keeps: the library that stands between the two. */

const { cannot } = umlAbility()
const dir = mkdtempSync(join(tmpdir(), 'packet-walk-xstate-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

describe('a processor is too wide for User-Mode Linux', () => {
  it.each([
    ['flags\t\t: fpu avx512f pku amx_bf16 avx512_fp16 amx_tile amx_int8\n', true],
    ['flags\t\t: fpu sse2 avx avx2 avx512f pku\nbugs\t\t: spectre_v1\n', false],
    ['model name\t: amx_tile\nflags\t\t: fpu\n', false],
    ['', false],
  ])('%j', (info, is) => {
    expect(tooWide(info)).toBe(is)
  })
})

describe.skipIf(cannot !== null)('with the library between, on this processor', () => {
  /** Many processes, pages and numbers: what is lost of a state is seen in them. */
  it('User-Mode Linux comes up, and what runs in it keeps its state', () => {
    const init = join(dir, 'init')
    const script = `#!/bin/sh
mount -t tmpfs dev /dev && mknod /dev/console c 5 1
i=0; while [ $i -lt 6 ]; do said="$said$(awk 'BEGIN { x = 0; for (i = 1; i < 2000; i++) x += sqrt(i) / 3; printf "%.6f ", x }')"; i=$((i + 1)); done
echo "said: $said" > /dev/console
`
    writeFileSync(init, script, { mode: 0o755 })
    const { stdout, stderr } = spawnSync(
      'linux.uml',
      [
        `uml_dir=${dir}`,
        'mem=128M',
        'rootfstype=hostfs',
        'rootflags=/',
        'ro',
        `init=${init}`,
      ].concat(['con=null', 'con0=null,fd:1', 'quiet']),
      {
        encoding: 'utf8',
        timeout: 90_000,
        env: { ...process.env, LD_PRELOAD: XSTATE, TMPDIR: dir },
      },
    )
    expect(`${stdout}${stderr}`).toContain(`said: ${'19868.637255 '.repeat(6)}`.trimEnd())
    expect(`${stdout}${stderr}`).not.toContain('fp regs')
  }, 120_000)
})
