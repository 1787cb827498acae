// Builds the site as it stands under a path of a host, for the browser tests: into the folder that is the argument. What out/ holds stays.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = dirname(dirname(fileURLToPath(import.meta.url)))
const [to, base] = process.argv.slice(2)
const out = join(top, 'out')
// Next empties .next.
const kept = join(top, `${to}.kept`)
const env = { ...process.env, BASE_PATH: base, NEXT_TELEMETRY_DISABLED: '1' }
const node = (...args) =>
  spawnSync(
    process.execPath,
    args.map((a, i) => (i === 0 ? join(top, a) : a)),
    { cwd: top, env, stdio: 'inherit' },
  ).status === 0

rmSync(kept, { recursive: true, force: true })
mkdirSync(dirname(kept), { recursive: true })
if (existsSync(out)) renameSync(out, kept)
const ok = node('node_modules/next/dist/bin/next', 'build') && node('scripts/finish.mjs')
if (ok) {
  rmSync(to, { recursive: true, force: true })
  renameSync(out, to)
}
if (existsSync(kept)) {
  rmSync(out, { recursive: true, force: true })
  renameSync(kept, out)
}
process.exit(ok ? 0 : 1)
