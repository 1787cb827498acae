// What a stage of `npm test` wrote to its report, in the form of Jest's and Vitest's JSON reporter.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LINES = 12
const top = fileURLToPath(new URL('..', import.meta.url))

/** One failed case in words: its file, its name, and the first lines of why. */
const told = (file, name, why) =>
  [`${file.replace(top, '')}: ${name}`, ...why.join('\n').split('\n').slice(0, LINES)].join(
    '\n    ',
  )

/** The failed cases of one file; one that could not be read at all has none, and is told itself. */
function failedIn({ name, status, message, assertionResults }) {
  const bad = assertionResults.filter((c) => c.status === 'failed')
  if (status === 'failed' && bad.length === 0)
    return [told(name, 'could not be run', [message ?? ''])]
  return bad.map((c) => told(name, c.fullName, c.failureMessages ?? []))
}

/** How many cases passed and failed by the report at `path`, and each failed one in words. `ok` says whether the stage's program ended well; one that did not counts as a failure whatever its report says, and so does one without a report. */
export function readReport(path, ok) {
  try {
    const r = JSON.parse(readFileSync(path, 'utf8'))
    const failed = r.numFailedTests
    return {
      passed: r.numPassedTests,
      failed: !ok && failed === 0 ? 1 : failed,
      told: (r.testResults ?? []).flatMap(failedIn),
    }
  } catch {
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, told: [] }
  }
}
