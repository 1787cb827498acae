// `npm start` and `npm test`: everything a fresh machine needs, with node's own modules only, since it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (s) => process.stdout.write(`${s}\n`)
const fail = (s) => { process.stderr.write(`${s}\n`); process.exit(1) }
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) fail(`Packet Walk needs Node 20.19 or newer; this is ${process.versions.node}.`)

function run(what, command, args, options = {}) {
  const t = Date.now()
  say(`· ${what}`)
  const r = spawnSync(command, args, { cwd: top, stdio: 'inherit', env, ...options })
  const s = ((Date.now() - t) / 1000).toFixed(1)
  if (r.status === 0) say(`  done in ${s} s`)
  return r.status === 0
}
const node = (what, ...args) => run(what, process.execPath, args)
const bin = (what, name, ...args) => run(what, process.execPath, [join(top, 'node_modules', ...name), ...args])

function files(path) {
  if (!existsSync(join(top, path))) return []
  return statSync(join(top, path)).isDirectory()
    ? readdirSync(join(top, path)).toSorted().flatMap((f) => files(join(path, f)))
    : [path]
}
function digest(paths, extra = '') {
  const h = createHash('sha256').update(extra)
  for (const p of paths.flatMap(files)) h.update(p).update('\0').update(readFileSync(join(top, p))).update('\0')
  return h.digest('hex')
}
const stamped = (stamp, value) => existsSync(join(top, stamp)) && readFileSync(join(top, stamp), 'utf8') === value

/** One of these at a time in a folder: two would both install. */
function lock() {
  const path = join(top, '.lock-run')
  for (let waited = 0; ; waited += 1) {
    try { mkdirSync(path); break } catch {
      const pid = existsSync(join(path, 'pid')) ? Number(readFileSync(join(path, 'pid'), 'utf8')) : 0
      let alive = waited < 5
      if (pid > 0) try { process.kill(pid, 0); alive = true } catch { alive = false }
      if (!alive) { rmSync(path, { recursive: true, force: true }); continue }
      if (waited === 0) say('· another start or test is setting up here; waiting for it')
      if (waited > 900) fail(`${path} is still there after 15 minutes; remove it if nothing is running.`)
      spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 1000)'])
    }
  }
  writeFileSync(join(path, 'pid'), String(process.pid))
  return () => rmSync(path, { recursive: true, force: true })
}

function install() {
  const value = digest(['package.json', 'package-lock.json', '.npmrc'], `${process.platform} ${process.arch} ${process.versions.modules}`)
  if (stamped('node_modules/.stamp', value)) return say('· packages: up to date')
  const npm = process.env.npm_execpath
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']
  const ok = npm === undefined ? run('packages: installing', 'npm', args) : run('packages: installing', process.execPath, [npm, ...args])
  if (!ok) fail('npm ci failed; its own words are above. Is the npm registry reachable?')
  writeFileSync(join(top, 'node_modules/.stamp'), value)
}

function build() {
  const value = digest(['package.json', 'package-lock.json', 'next.config.mjs', 'tsconfig.json', 'app', 'components', 'content', 'lib', 'public'])
  if (existsSync(join(top, 'out/index.html')) && stamped('.next/.stamp', value)) return say('· site: up to date')
  const next = ['next', 'dist', 'bin', 'next']
  if (!bin('site: building', next, 'build')) {
    // The bundler remembers failures of its loaders: begin again once.
    rmSync(join(top, '.next'), { recursive: true, force: true })
    if (!bin('site: building once more, from nothing', next, 'build')) fail('The site does not build; the reason is above.')
  }
  writeFileSync(join(top, '.next/.stamp'), value)
}

function chromium() {
  const names = [process.env.CHROME_PATH, ...(process.env.PATH ?? '').split(':').flatMap((d) => ['chromium', 'chromium-browser', 'google-chrome'].map((n) => join(d, n)))]
  return names.find((p) => p !== undefined && p !== '' && existsSync(p))
}
function needChromium() {
  const found = chromium()
  if (found !== undefined) return found
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) fail('The tests need Chromium: install it, or set CHROME_PATH to it (as root on Debian, npm test installs it itself).')
  run('Chromium: package lists', 'apt-get', ['update', '-qq'])
  run('Chromium: installing', 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] })
  return chromium() ?? fail('Chromium could not be installed with apt-get; install it and set CHROME_PATH.')
}

const what = process.argv[2]
if (what !== 'start' && what !== 'test') fail('usage: node scripts/run.mjs start|test')
const unlock = lock()
process.on('exit', unlock)
for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => process.exit(130))
install()
if (what === 'start') {
  build()
  unlock()
  const child = spawn(process.execPath, [join(top, 'scripts/serve.mjs')], { cwd: top, stdio: 'inherit', env })
  child.on('exit', (code) => process.exit(code ?? 1))
  for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => child.kill(s))
  const parent = process.ppid
  // npm runs this through a shell; when that is ended, so is this.
  setInterval(() => { if (process.ppid !== parent) { child.kill('SIGTERM'); process.exit(0) } }, 500).unref()
} else {
  env.CHROME_PATH = needChromium()
  const bad = []
  const stage = (name, ok) => { if (!ok) bad.push(name) }
  stage('lint', bin('lint', ['oxlint', 'bin', 'oxlint'], '--config', 'test/oxlintrc.json', '--deny-warnings', 'app', 'components', 'content', 'lib', 'scripts', 'test'))
  build()
  stage('types', bin('types', ['typescript', 'bin', 'tsc'], '--noEmit'))
  stage('unit', bin('unit tests', ['vitest', 'vitest.mjs'], 'run', '--config', 'test/vitest.config.ts'))
  stage('e2e', node('in the browser', 'test/e2e/run.mjs'))
  stage('bench', node('benchmark', '--import', './lib/cli/register.mjs', 'test/bench/walk.bench.ts', '--gate'))
  unlock()
  const stages = 5
  say(bad.length === 0 ? 'All stages passed.' : `Failed: ${bad.join(', ')}.`)
  say(`${stages - bad.length} passed, ${bad.length} failed`)
  process.exit(bad.length === 0 ? 0 : 1)
}
