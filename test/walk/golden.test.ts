import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  applyAll,
  refsOf,
  walk,
  type HeaderKind,
  type Scenario,
  type Step,
  type Walk,
} from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { labelOf } from '#lib/words/index.ts'

/* Golden walks: every step of every flow, and how every what-if ends, in files to be read and to be compared in review.
   A change of them says how the network behaves differently now. Steps carry no numbers, so that a new one is one line of difference. */

const DIR = fileURLToPath(new URL('golden/', import.meta.url))
const UPDATE = process.env['UPDATE_GOLDEN'] === '1'
const LAST = 3
const SHORT: { readonly [K in HeaderKind]?: string } = { ethernet: 'eth', ipv4: 'ip' }

/** Place, stage, the row that matched, the headers as they leave, why it ended: a column each. */
function line(s: Step): string {
  const { matched } = refsOf(s.decision)
  const place = s.dev === null ? s.in : `${s.in}/${s.dev}`
  const row =
    matched === null
      ? ''
      : `${matched.in === s.in ? '' : `${matched.in} `}${matched.table}[${matched.row}]`
  return `${place.padEnd(23)} ${s.stage.padEnd(12)} ${row.padEnd(13)} ${s.packet.headers.map((h) => SHORT[h.kind] ?? h.kind).join('|')}${s.drop === null ? '' : ` ✗ ${s.drop.reason}`}`
}

/** The steps from one on, under the message they are about. */
function lines(w: Walk, from = 0): string[] {
  return w.steps
    .slice(from)
    .flatMap((s, i, all) => [
      ...(all[i - 1]?.message === s.message ? [] : [`· ${labelOf(w.messages[s.message]!)}`]),
      line(s),
    ])
}

function ending(w: Walk): string {
  const { loss } = w
  if (loss === null) return 'delivered'
  return `${loss.drop.reason} at ${loss.in}${loss.dev === null ? '' : `/${loss.dev}`}${loss.icmp === null ? '' : `, ICMP ${loss.icmp.type}/${loss.icmp.code} from ${loss.icmp.from}`}`
}

/** A heading for each walk of a scenario, and what stands below it. */
function walks(s: Scenario): Map<string, readonly string[]> {
  const first = Object.keys(s.flows)[0]!
  const flows = Object.entries(s.flows).map(([name, flow]): [string, () => string[]] => [
    `flow ${name}`,
    () => {
      const w = walk(s.topology, flow)
      return [ending(w), ...lines(w)]
    },
  ])
  const whatIfs = Object.entries(s.whatIfs).map(([id, x]): [string, () => string[]] => {
    const flow = x.flow ?? first
    return [
      `what-if ${id}, flow ${flow}`,
      () => {
        const w = walk(applyAll(s.topology, x.edits), s.flows[flow]!)
        return [
          `${ending(w)}; the last ${LAST} of ${w.steps.length} steps`,
          ...lines(w, Math.max(0, w.steps.length - LAST)),
        ]
      },
    ]
  })
  return new Map([...flows, ...whatIfs].map(([name, make]) => [name, make()]))
}

const written = (all: ReadonlyMap<string, readonly string[]>): string =>
  [...all].map(([name, body]) => `== ${name}\n${body.join('\n')}\n`).join('\n')
function read(text: string): Map<string, readonly string[]> {
  return new Map(
    text
      .trimEnd()
      .split(/\n*^== /m)
      .slice(1)
      .map((part): [string, string[]] => {
        const [name = '', ...body] = part.split('\n')
        return [name, body]
      }),
  )
}

/** Where two lists of lines part and meet again, with the lines around. */
function difference(old: readonly string[], now: readonly string[]): string {
  const most = 25
  let head = 0
  while (head < old.length && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail += 1
  const part = (sign: string, of: readonly string[]): string[] => {
    const all = of.slice(head, of.length - tail).map((l) => `${sign} ${l}`)
    return all.length <= most
      ? all
      : [...all.slice(0, most), `${sign} … and ${all.length - most} lines more`]
  }
  const around = (from: number, to: number): string[] =>
    now.slice(Math.max(0, from), to).map((l) => `  ${l}`)
  return [
    ...around(head - 3, head),
    ...part('-', old),
    ...part('+', now),
    ...around(now.length - tail, now.length - tail + 2),
  ].join('\n')
}

const REMEDY =
  'If the network is meant to behave like this: UPDATE_GOLDEN=1 npm run unit -- test/walk/golden.test.ts, and say why in the commit.'
function golden(file: string): string {
  try {
    return readFileSync(`${DIR}${file}`, 'utf8')
  } catch {
    return ''
  }
}

describe.each(Object.values(SCENARIOS).map((s) => [s.id, s] as const))('%s', (id, s) => {
  const now = walks(s)
  const file = `${id}.txt`
  if (UPDATE) {
    mkdirSync(DIR, { recursive: true })
    writeFileSync(`${DIR}${file}`, written(now))
  }
  const old = read(golden(file))
  it(`has the walks of golden/${file}`, () => {
    expect([...old.keys()], `golden/${file}. ${REMEDY}`).toEqual([...now.keys()])
  })
  it.each([...now])('%s', (name, body) => {
    const was = old.get(name) ?? []
    const same = was.join('\n') === body.join('\n')
    expect(same ? '' : difference(was, body), `golden/${file}, ${name}. ${REMEDY}`).toBe('')
  })
})

it('every golden file is of a scenario there is', () => {
  expect(readdirSync(DIR).toSorted()).toEqual(
    Object.keys(SCENARIOS)
      .map((id) => `${id}.txt`)
      .toSorted(),
  )
})

describe('a difference', () => {
  it.each([
    [
      ['a', 'b', 'c', 'd', 'e', 'f'],
      ['a', 'b', 'c', 'd', 'X', 'e', 'f'],
      '  b\n  c\n  d\n+ X\n  e\n  f',
    ],
    [['a', 'b', 'c'], ['a', 'c'], '  a\n- b\n  c'],
    [['a', 'a'], ['a'], '  a\n- a'],
    [[], ['a'], '+ a'],
    [['a'], ['b'], '- a\n+ b'],
  ])('%j, %j', (old, now, shown) => {
    expect(difference(old, now)).toBe(shown)
  })
})
