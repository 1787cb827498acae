import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS, OPTIONS, SHELLS, type CommandName } from '#lib/cli/options.ts'
import { cli } from '#lib/cli/words.ts'
import { DETAILS } from '#lib/analysis/read/detail.ts'
import { ran, top } from './run.ts'

const page = readFileSync(join(top, 'contract.md'), 'utf8')
const section = page.slice(page.indexOf('## The command line'), page.indexOf('## Links'))

describe('contract.md, the command line', () => {
  it('names every command, and every option of trace', () => {
    for (const name of Object.keys(COMMANDS))
      expect(section, name).toMatch(new RegExp(`\`(packet-walk )?${name}\\b`))
    for (const o of COMMANDS.trace.options) expect(section, o).toContain(`--${o}`)
  })
  it('names no option that there is not', () => {
    const own = new Set(['--raw', '--lang', ...Object.keys(OPTIONS).map((o) => `--${o}`)])
    expect(
      [...section.matchAll(/`(--[a-z-]+)/g)].map((m) => m[1]!).filter((o) => !own.has(o)),
    ).toEqual([])
  })
  it('has every exit status that help has, of the same commands', () => {
    const rows = [...section.matchAll(/^\| (\d) \| (.*?) \|/gm)].map((m) => [m[1]!, m[2]!] as const)
    expect(rows.map(([n]) => n)).toEqual(['0', '1', '2', '3'])
    for (const [n, of] of rows) {
      const who = (Object.keys(COMMANDS) as CommandName[]).filter((c) =>
        new RegExp(`(^|, )${n} `).test(cli().commands[c].exit),
      )
      expect(of).toBe(
        who.length === Object.keys(COMMANDS).length ? 'all' : who.map((c) => `\`${c}\``).join(', '),
      )
    }
  })
  it('names the levels of detail and the shells', () => {
    for (const d of DETAILS) expect(section).toContain(`\`${d}\``)
    expect(section).toContain(`completion ${SHELLS.join(' | ')}\``)
  })
  it('what it says of what is printed is so', async () => {
    const r = await ran('trace', 'flannel-host-gw', '--flow', 'ping')
    expect(r.out.split('\n\n').at(-1)).toMatch(/(^|\n)dropped at vpc\/eni-node-1-eth0: /)
    expect((await ran('trace', 'flannel-vxlan', '--flow', 'ping')).out).toMatch(/\ndelivered\n$/)
  })
})
