import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SEGMENTS, STATES, TABLE } from '#lib/lookup/conntrack-tcp.ts'
import { ability } from '#lib/cli/kernel-lab.ts'

/* The table of TCP's states is what the kernel answers, cell by cell. */

type Answer = Readonly<
  Record<'original' | 'reply', Readonly<Record<string, Readonly<Record<string, string>>>>>
>
const script = fileURLToPath(new URL('conntrack-tcp.py', import.meta.url))
const { cannot } = ability()
const has = (command: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`])
    return true
  } catch {
    return false
  }
}
const skip = cannot ?? (has('conntrack') ? null : 'conntrack is not installed')
if (skip !== null) console.warn(`SKIPPED: no kernel was asked for TCP's states: ${skip}`)

const row = (answers: Readonly<Record<string, string>>): string[] =>
  STATES.map((s) => {
    const [ctstate, after] = answers[s]!.split(' ')
    return ctstate === 'invalid' ? 'invalid' : after!
  })

describe.skipIf(skip !== null)('connection tracking', () => {
  const said =
    skip === null
      ? (JSON.parse(
          execFileSync('unshare', ['-n', '-m', 'python3', script], {
            encoding: 'utf8',
            timeout: 60_000,
          }),
        ) as { loose: Answer; strict: Answer; plain: Record<string, string> })
      : null
  const [loose, strict] = [said?.loose, said?.strict]
  it.each(['original', 'reply'] as const)('%s: each segment in each state', (dir) => {
    expect(Object.fromEntries(SEGMENTS.map((s) => [s, row(loose![dir][s]!)]))).toEqual(
      Object.fromEntries(SEGMENTS.map((s) => [s, TABLE[dir][s].split(/ +/)])),
    )
  })
  it('data is an ACK', () =>
    expect([loose!.original['data'], loose!.reply['data']]).toEqual([
      loose!.original['ACK'],
      loose!.reply['ACK'],
    ]))
  it('an entry is NEW until an answer was seen, then ESTABLISHED; a SYN on what is over begins anew', () => {
    const odd = Object.entries(loose!).flatMap(([dir, rows]) =>
      Object.entries(rows).flatMap(([s, cells]) =>
        Object.entries(cells).flatMap(([state, cell]) => {
          const [ctstate, after] = cell.split(' ')
          const begins =
            state === 'NONE' || (['TIME_WAIT', 'CLOSE'].includes(state) && after === 'SYN_SENT')
          const expected =
            begins || (dir === 'original' && state === 'SYN_SENT') ? 'new' : 'established'
          return ctstate === 'invalid' || ctstate === expected
            ? []
            : [`${dir} ${s} ${state}: ${cell}`]
        }),
      ),
    )
    expect(odd).toEqual([])
  })
  it('nf_conntrack_tcp_loose 0: the middle of a connection begins none, all else is the same', () => {
    const differ = (['original', 'reply'] as const).flatMap((dir) =>
      Object.entries(loose![dir]).flatMap(([s, cells]) =>
        Object.entries(cells).flatMap(([state, cell]) =>
          strict![dir][s]![state] === cell
            ? []
            : [`${dir} ${s} ${state}: ${strict![dir][s]![state]!}`],
        ),
      ),
    )
    expect(differ).toEqual([
      'original ACK NONE: invalid NONE',
      'original data NONE: invalid NONE',
      'reply ACK NONE: invalid NONE',
      'reply data NONE: invalid NONE',
    ])
  })
  it('UDP and echoes', () =>
    expect(said!.plain).toEqual({
      'udp, first': 'new TRACKED unreplied',
      'udp, again': 'new TRACKED unreplied',
      'udp, answer': 'established TRACKED',
      'udp, again after an answer': 'established TRACKED',
      'echo request': 'new TRACKED unreplied',
      'echo request, again': 'new TRACKED unreplied',
      'echo reply': 'established TRACKED',
      'echo request after a reply': 'established TRACKED',
      'echo reply to nothing': 'invalid NONE',
    }))
})
