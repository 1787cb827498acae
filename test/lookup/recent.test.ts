import { describe, expect, it } from 'vitest'
import { evaluate } from '#lib/lookup/netfilter.ts'
import type { Noted } from '#lib/lookup/verdict.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import { CAME_IN, ns } from './spaces.ts'

/* recent_mt(). */

const ROWS = [
  { list: 'L', ip: '10.0.0.1' },
  { list: 'L', ip: '10.0.0.2', ago: 100 },
  { list: 'other', ip: '10.0.0.3' },
] as const
const ask = (rules: string, src = '10.0.0.1', noted: readonly Noted[] = []) => {
  const v = evaluate(
    ns({ recent: ROWS, ...parseIptables(`*filter\n${rules}`) }),
    { table: 'filter', hook: 'INPUT' },
    { ...CAME_IN, src, noted },
  )
  return `${v.verdict} ${(v.noted ?? []).map((x) => (x.op === 'left' ? x.op : `${x.op} ${x.list} ${x.ip}`)).join(', ')}`.trim()
}
const drop = (recent: string): string => `-A INPUT -m recent ${recent} -j DROP`

describe('-m recent', () => {
  it.each([
    ['--rcheck --name L', '10.0.0.1', 'DROP'],
    ['--rcheck --name L', '10.0.0.9', 'ACCEPT'],
    ['--rcheck --name L', '10.0.0.3', 'ACCEPT'],
    ['--rcheck --name L --rdest', '10.0.0.9', 'DROP'],
    ['--rcheck --seconds 100 --name L', '10.0.0.2', 'DROP'],
    ['--rcheck --seconds 99 --name L', '10.0.0.2', 'ACCEPT'],
    ['! --rcheck --name L', '10.0.0.9', 'DROP'],
    ['! --rcheck --name L', '10.0.0.1', 'ACCEPT'],
    ['--set --name L', '10.0.0.9', 'DROP put L 10.0.0.9'],
    ['! --set --name L', '10.0.0.9', 'ACCEPT put L 10.0.0.9'],
    ['--update --name L', '10.0.0.1', 'DROP put L 10.0.0.1'],
    ['--update --name L', '10.0.0.9', 'ACCEPT'],
    ['--update --seconds 5 --name L', '10.0.0.2', 'ACCEPT'],
    ['--remove --name L', '10.0.0.1', 'DROP del L 10.0.0.1'],
  ])('%s of %s: %s', (recent, src, said) => expect(ask(drop(recent), src)).toBe(said))

  it('a rule behind sees what one before has done', () => {
    const first = '-A INPUT -m recent --set --name L -j LOG\n'
    expect(ask(first + drop('--rcheck --name L'), '10.0.0.9')).toBe('DROP put L 10.0.0.9')
    const gone = '-A INPUT -m recent --remove --name L -j LOG\n'
    expect(ask(gone + drop('--rcheck --name L'))).toBe('ACCEPT del L 10.0.0.1')
  })
  it('what was done earlier in the walk counts', () =>
    expect(
      ask(drop('--rcheck --seconds 1 --name L'), '10.0.0.2', [
        { op: 'put', list: 'L', ip: '10.0.0.2' },
      ]),
    ).toBe('DROP'))
})
