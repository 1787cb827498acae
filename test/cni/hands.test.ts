import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Recorded } from '#components/hands/hands.ts'
import { record } from './hands.ts'
import { LIMIT, noPlugins } from './plugins.ts'

/* What a chapter shows of CNI plugins is what they do when they are run. UPDATE_GOLDEN=1 records it anew. */

const FILE = new URL('../../content/hands/flannel.json', import.meta.url)
const reason = noPlugins()
if (reason !== null) {
  // In CI a suite that asks nobody must not look like one that was answered.
  if (process.env['CI'] !== undefined)
    throw new Error(`the CNI plugins must be asked here, but: ${reason}`)
  process.stderr.write(`\nSKIPPED: the calls of Debian's CNI plugins: ${reason}\n\n`)
}

/** What is drawn by lot, MACs and the name of the veth, numbered in the order in which it comes; which package it was is no row. */
function comparable({ plugins: _, ...rest }: Recorded): unknown {
  const drawn: string[] = []
  const text = JSON.stringify(rest).replaceAll(
    /veth[0-9a-f]{8}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g,
    (x) => {
      if (!drawn.includes(x)) drawn.push(x)
      return `drawn-${drawn.indexOf(x)}`
    },
  )
  return JSON.parse(text) as unknown
}

describe.runIf(reason === null)('the calls and rows of a chapter', () => {
  it(
    'are those of Debian’s plugins',
    () => {
      const now = record()
      if (process.env['UPDATE_GOLDEN'] === '1')
        writeFileSync(FILE, `${JSON.stringify(now, null, 2)}\n`)
      const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Recorded
      expect(comparable(kept)).toEqual(comparable(now))
      expect(kept.acts.length).toBeGreaterThan(8)
    },
    LIMIT,
  )
})
