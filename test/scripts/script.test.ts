import { describe, expect, it } from 'vitest'

interface Script {
  readonly wordsOf: (name: string, line?: string) => readonly string[]
}
const path = new URL('../../scripts/script.mjs', import.meta.url).href
const { wordsOf } = (await import(path)) as Script

describe('a script of package.json', () => {
  it('is the words behind its program', () => {
    expect(wordsOf('x', "oxfmt -c a.json lib '!**/*.mdx'")).toEqual([
      '-c',
      'a.json',
      'lib',
      '!**/*.mdx',
    ])
  })
  it('is read from package.json by its name', () => {
    expect(wordsOf('types')).toEqual(['--noEmit'])
    for (const name of ['format', 'lint', 'bench']) expect(wordsOf(name).length).toBeGreaterThan(2)
  })
  it.each(['a && b', 'a | b', 'a *.ts', 'X=1 $Y a', ''])('that is %j is refused', (line) => {
    expect(() => wordsOf('x', line)).toThrow(/x: package\.json has no script/)
  })
})
