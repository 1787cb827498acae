import { describe, expect, it } from 'vitest'
import { problem, problemsOf, short, words, type Args } from '#lib/topology/problem.ts'
import { SENTENCES, type Code } from '#lib/words/en/problems/index.ts'
import { fieldsOf } from '#lib/topology/fields.ts'
import { TABLES } from '#lib/topology/rows.ts'
import type { TableName } from '#lib/topology/topology.ts'
import { leastRatio } from '../ratio.ts'

const CODES = Object.keys(SENTENCES) as Code[]
/** Arguments that are a code, which nobody writes: of a sentence, by their place in it. */
const CODED: { readonly [C in Code]?: readonly [at: number, code: string] } = {
  'too-many': [0, 'published'],
  whole: [1, 'sysctl'],
  twice: [2, 'node-port'],
}
/** As many of them as the sentence takes, all the same. */
const filled = <C extends Code>(code: C, arg: unknown): Args<C> =>
  Array.from({ length: SENTENCES[code].wrong.length }, (_, i) =>
    CODED[code]?.[0] === i ? CODED[code]![1] : arg,
  ) as unknown as Args<C>

describe('every sentence', () => {
  it.each(CODES)('%s: is short, whatever it quotes, and has a remedy', (code) => {
    for (const arg of [
      'x'.repeat(5000),
      Array.from({ length: 100 }, (_, i) => `${i}${'n'.repeat(62)}`),
      '\u202e'.repeat(300),
      2 ** 31,
    ]) {
      const p = problem('a', code, ...filled(code, arg))
      expect(p.message.length, p.message).toBeLessThanOrEqual(300)
      expect(p.message).toMatch(/^[^;].*; ./u)
      expect(p.message).not.toMatch(/x{61}|\u202e|undefined/)
    }
  })
  it('shows eight names of many, and how many more there are', () => {
    expect(
      problem(
        'a',
        'unknown-node',
        'n',
        Array.from({ length: 20 }, (_, i) => `n${i}`),
      ).message,
    ).toBe('no node is called n; there are n0, n1, n2, n3, n4, n5, n6, n7 and 12 more')
    expect(problem('a', 'unknown-node', 'n', []).message).toBe(
      'no node is called n; there are none',
    )
  })
  it.each(Object.keys(TABLES) as TableName[])('the fields of %s fit into one', (table) => {
    expect(
      problem('a', 'edit-key', table, words(fieldsOf(table))).message.length,
    ).toBeLessThanOrEqual(300)
  })
})

describe('words of others', () => {
  it.each(['Invalid type: Expected "x" but received 5', '["no such code"]', '[1]', '{', ''])(
    '%j reaches nobody',
    (message) => {
      expect(problemsOf([{ message, path: [{ key: 'a' }, { key: 3 }] } as never])).toEqual([
        {
          path: 'a[3]',
          code: 'shape',
          args: [],
          message: 'this is not what belongs here; contract.md shows what does',
        },
      ])
    },
  )
  it('a key that is none is quoted and cut in the path', () => {
    expect(
      problemsOf([{ message: '', path: [{ key: 'a' }, { key: 'x y' }] } as never])[0]!.path,
    ).toBe('a["x y"]')
    expect(
      problemsOf([{ message: '', path: [{ key: `"${'k'.repeat(500)}` }] } as never])[0]!.path
        .length,
    ).toBeLessThan(70)
  })
})

describe('short', () => {
  it.each<[unknown, string]>([
    [5, '5'],
    ['a"b', '"a\\"b"'],
    [[1, [2]], '[1,[2]]'],
    [{ a: { b: null } }, '{"a":{"b":null}}'],
    [undefined, 'nothing'],
    [Number.NaN, 'NaN'],
  ])('%j is %s', (x, text) => expect(short(x)).toBe(text))
  it('does not write out what is large', () => {
    const cut = (length: number): (() => void) => {
      const big = Array.from({ length }, () => 'x'.repeat(50))
      return () => {
        for (let i = 0; i < 200; i += 1) expect(short({ big }).length).toBe(58)
      }
    }
    cut(300)()
    // A thousand times, were it written out and then cut.
    expect(leastRatio(cut(300), cut(300_000))).toBeLessThan(20)
  })
})
