import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const top = fileURLToPath(new URL('../../components', import.meta.url))
const files = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((f) =>
  /\.tsx?$/.test(f),
)
const text = (f: string): string => readFileSync(join(top, f), 'utf8')

/** A hook that is called, not one that is declared or imported. */
const hooks = (source: string): number =>
  (source.match(/(?<!function )\buse[A-Z]\w*(?:<[^>()]*>)?\(/g) ?? []).length

const MOST_LINES = 120
const MOST_HOOKS = 8

describe('components', () => {
  it('counts hooks', () => {
    expect(
      hooks(
        'import { useState } from "react"\nfunction useOwn() {\n  useRef<HTMLElement>(null)\n  const [a] = useState(1)\n}\nuseOwn(); use(x); reuse(y)',
      ),
    ).toBe(3)
  })
  it(`no file is longer than ${MOST_LINES} lines: it would be two components`, () => {
    const long = files
      .filter((f) => f.endsWith('.tsx'))
      .map((f) => [f, text(f).split('\n').length - 1] as const)
      .filter(([, n]) => n > MOST_LINES)
    expect(long).toEqual([])
  })
  it(`no file has more than ${MOST_HOOKS} hooks: what they keep belongs to the store`, () => {
    const busy = files.map((f) => [f, hooks(text(f))] as const).filter(([, n]) => n > MOST_HOOKS)
    expect(busy).toEqual([])
  })
  it('Figure.tsx says what a figure is made of on one screen', () => {
    expect(text('figure/Figure.tsx').split('\n').length - 1).toBeLessThanOrEqual(100)
  })
  it('stores, selectors and keys know no React', () => {
    const pure = files.filter(
      (f) =>
        /^figure\/(store|effects)\//.test(f) || f === 'figure/keys.ts' || f === 'sandbox/store.ts',
    )
    expect(pure.length).toBeGreaterThan(12)
    expect(pure.filter((f) => /from '(?:react|zustand\/react)/.test(text(f)))).toEqual([])
  })
})
