import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { progress } from '#lib/cli/progress.ts'
import { bin, top } from './run.ts'

/** Programs on a terminal of their own (script, of util-linux): what is written there. */
const hasScript = spawnSync('script', ['--version']).status === 0
function terminal(program: string): string {
  const r = spawnSync('script', ['-qec', program, '/dev/null'], {
    cwd: top,
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm' },
  })
  return r.stdout
}
const node = (source: string): string =>
  `${process.execPath} --import ./lib/cli/register.mjs --input-type=module -e '${source}'`
const WORK = (quiet: boolean): string => `
  import { progress } from "#lib/cli/progress.ts"
  const p = progress(process.stderr, ${quiet}, 100)
  const busy = (ms) => { const t = Date.now(); while (Date.now() - t < ms); }
  p.say("reading"); busy(3000); p.say("walking"); busy(2000); p.end(); console.log("done")`

describe('progress', () => {
  it.skipIf(!hasScript)(
    'on a terminal: one line, rewritten while the work goes on, and gone at the end',
    () => {
      const shown = terminal(node(WORK(false))).replaceAll('\u001b', 'ESC')
      expect(shown).toMatch(
        /^(\rESC\[Kpacket-walk: reading, \d+ s)+(\rESC\[Kpacket-walk: walking, \d+ s)+\rESC\[Kdone\r\n$/,
      )
    },
  )
  it.skipIf(!hasScript)(
    'nothing where the output is for a program, and nothing before two seconds',
    () => {
      expect(terminal(node(WORK(true)))).toBe('done\r\n')
      expect(terminal(`${process.execPath} ${bin} trace flannel-vxlan --flow ping`)).not.toContain(
        'walking the packet',
      )
    },
  )
  it('nothing in a pipe: no thread is made', () => {
    const written: string[] = []
    const p = progress({ write: (s) => written.push(s) }, false, 0)
    p.say('x')
    p.end()
    expect(written).toEqual([])
    const r = spawnSync(
      process.execPath,
      ['--import', './lib/cli/register.mjs', '--input-type=module', '-e', WORK(false)],
      { cwd: top, encoding: 'utf8' },
    )
    expect([r.stdout, r.stderr]).toEqual(['done\n', ''])
  })
  it.skipIf(!hasScript)('a walk is coloured there', () => {
    const [there, piped] = [
      'trace flannel-host-gw --flow ping',
      'trace flannel-host-gw --flow ping | cat',
    ].map((x) => terminal(`${process.execPath} ${bin} ${x}`))
    expect(there).toContain('\u001b[31m')
    expect(piped).not.toContain('\u001b')
  })
  it('every command that may take long tells of it', () => {
    for (const name of ['trace', 'validate', 'verify'])
      expect(readFileSync(`${top}lib/cli/${name}.ts`, 'utf8')).toContain('during(')
  })
})
if (!hasScript)
  process.stderr.write(
    '\nSCRIPT (util-linux) IS NOT INSTALLED: progress on a terminal is NOT TESTED here.\n',
  )
