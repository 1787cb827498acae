/** `npm run mutants [ID …]`: each mutant in turn, against the unit tests that ask no kernel, until one fails. Writes test/mutants/TABLE.md when it ran them all. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catcherOf, ROUNDS, tableText, type Caught } from './catch.ts'
import { MUTANTS } from './mutants.ts'

const asked = process.argv.slice(2)
const unknown = asked.filter((id) => !MUTANTS.some((m) => m.id === id))
if (unknown.length > 0) {
  process.stderr.write(
    `mutants: there is no ${unknown.join(', ')}; test/mutants/mutants.ts has them all\n`,
  )
  process.exit(2)
}
// A test that fails already would catch them all.
const red = await catcherOf(null, ROUNDS)
if (red !== null) {
  process.stderr.write(`mutants: ${red.file} › ${red.test} fails without any; mend it first\n`)
  process.exit(2)
}
const caught: Caught[] = []
for (const m of MUTANTS.filter((x) => asked.length === 0 || asked.includes(x.id))) {
  const by = await catcherOf(m.id, ROUNDS)
  caught.push({ id: m.id, file: m.file, by })
  process.stdout.write(
    `${by === null ? '✗ nobody noticed' : '✓'} ${m.id}: ${by === null ? m.file : `${by.file} › ${by.test}`}\n`,
  )
}
if (asked.length === 0)
  writeFileSync(fileURLToPath(new URL('TABLE.md', import.meta.url)), tableText(caught))
process.exitCode = caught.some((c) => c.by === null) ? 1 : 0
