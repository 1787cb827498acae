import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

interface Report {
  readonly passed: number
  readonly failed: number
  readonly told: readonly string[]
}
interface Script {
  readonly readReport: (path: string, ok: boolean) => Report
}
const path = new URL('../../scripts/report.mjs', import.meta.url).href
const { readReport } = (await import(path)) as Script

const dir = mkdtempSync(join(tmpdir(), 'packet-walk-report-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})
const kept = (content: unknown) => {
  const file = join(dir, 'report.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}
const passed = { status: 'passed', fullName: 'walks', failureMessages: [] }
const failed = { status: 'failed', fullName: 'dies', failureMessages: ['3 is not 4\n  at line 1'] }

describe('the report of a stage', () => {
  it('names each case that failed, with its file and the reason', () => {
    const testResults = [
      { name: 'a.test.ts', status: 'failed', assertionResults: [passed, failed] },
    ]
    const r = readReport(kept({ numPassedTests: 1, numFailedTests: 1, testResults }), false)
    expect(r).toEqual({
      passed: 1,
      failed: 1,
      told: ['a.test.ts: dies\n    3 is not 4\n      at line 1'],
    })
  })
  it('names a file that could not be run', () => {
    const lost = {
      name: 'b.test.ts',
      status: 'failed',
      message: 'no such module',
      assertionResults: [],
    }
    const r = readReport(kept({ numPassedTests: 0, numFailedTests: 0, testResults: [lost] }), false)
    expect(r.failed).toBe(1)
    expect(r.told).toEqual(['b.test.ts: could not be run\n    no such module'])
  })
  it('counts a stage that wrote none as one', () => {
    expect(readReport(join(dir, 'none.json'), true)).toEqual({ passed: 1, failed: 0, told: [] })
    expect(readReport(join(dir, 'none.json'), false)).toEqual({ passed: 0, failed: 1, told: [] })
  })
  it('is brief: a reason of many lines is cut', () => {
    const long = {
      ...failed,
      failureMessages: [Array.from({ length: 99 }, (_, i) => i).join('\n')],
    }
    const testResults = [{ name: 'a', status: 'failed', assertionResults: [long] }]
    const [said] = readReport(
      kept({ numPassedTests: 0, numFailedTests: 1, testResults }),
      false,
    ).told
    expect(said?.split('\n')).toHaveLength(13)
  })
})
