// `npm start` and `npm test`: everything a fresh machine needs, with node's own modules only, since it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumPath } from './chromium.mjs'
import { basePath, siteUrl } from './hosting.mjs'
import { readReport } from './report.mjs'
import { wordsOf } from './script.mjs'
import { listen, portOf, site } from './serve.mjs'

const top = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (s) => process.stdout.write(`${s}\n`)
const fail = (s) => {
  process.stderr.write(`${s}\n`)
  process.exit(1)
}
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  fail(`Packet Walk needs Node 20.19 or newer; this is ${process.versions.node}.`)

let child
/** Ends what runs, then this. */
function stop(signal) {
  child?.kill(signal)
  process.exit(130)
}
for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => stop(s))
// npm runs this through a shell; a signal that ends the shell does not come here, a new parent does.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) stop('SIGTERM')
}, 500).unref()

/** Runs one stage, a command and its arguments, saying what it is and how long it took; resolves to whether it succeeded. */
async function run(what, [command, ...args], options = {}) {
  const t = Date.now()
  say(`· ${what}`)
  child = spawn(command, args, { cwd: top, stdio: 'inherit', env, ...options })
  const ok = await new Promise((done) => {
    child.on('error', (e) => {
      say(`  ${command}: ${e.message}`)
      done(false)
    })
    child.on('exit', (code) => done(code === 0))
  })
  child = undefined
  say(`  ${ok ? 'done' : 'failed'} in ${((Date.now() - t) / 1000).toFixed(1)} s`)
  return ok
}
const bin = (what, name, ...args) =>
  run(what, [process.execPath, join(top, 'node_modules', ...name), ...args])

function files(path) {
  if (!existsSync(join(top, path))) return []
  return statSync(join(top, path)).isDirectory()
    ? readdirSync(join(top, path))
        .toSorted()
        .flatMap((f) => files(join(path, f)))
    : [path]
}
function digest(paths, extra = '') {
  const h = createHash('sha256').update(extra)
  for (const p of paths.flatMap(files))
    h.update(p)
      .update('\0')
      .update(readFileSync(join(top, p)))
      .update('\0')
  return h.digest('hex')
}
const stamped = (stamp, value) =>
  existsSync(join(top, stamp)) && readFileSync(join(top, stamp), 'utf8') === value

/** One of these at a time in a folder: two would both install. Returns what gives the folder free again. */
async function lock() {
  const path = join(top, '.lock-run')
  const owner = () => {
    try {
      return Number(readFileSync(join(path, 'pid'), 'utf8'))
    } catch {
      return 0
    }
  }
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(path)
      break
    } catch (e) {
      if (e.code !== 'EEXIST') fail(`${path}: ${e.message}`)
      const pid = owner()
      // Without a number yet, its owner has just made it.
      let alive = waited < 5
      if (pid > 0)
        try {
          process.kill(pid, 0)
          alive = true
        } catch (e) {
          alive = e.code === 'EPERM'
        }
      if (!alive) {
        rmSync(path, { recursive: true, force: true })
        continue
      }
      if (waited === 0) say('· another start or test is at work here; waiting for it')
      if (waited > 900)
        fail(`${path} is still there after 15 minutes; remove it if nothing is running.`)
      await new Promise((done) => {
        setTimeout(done, 1000)
      })
    }
  }
  writeFileSync(join(path, 'pid'), String(process.pid))
  // By then it may be another's.
  const unlock = () => {
    if (owner() === process.pid) rmSync(path, { recursive: true, force: true })
  }
  process.on('exit', unlock)
  return unlock
}

async function install() {
  const value = digest(
    ['package.json', 'package-lock.json', '.npmrc'],
    `${process.platform} ${process.arch} ${process.versions.modules}`,
  )
  if (stamped('node_modules/.stamp', value)) return say('· packages: up to date')
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']
  const npm = process.env.npm_execpath
  const ok =
    npm === undefined
      ? await run('packages: installing', ['npm', ...args])
      : await run('packages: installing', [process.execPath, npm, ...args])
  if (!ok) fail('npm ci failed; its own words are above. Is the npm registry reachable?')
  writeFileSync(join(top, 'node_modules/.stamp'), value)
}

/** What the site is made of; the stamp is of the files, so that `npm test` and `npm start` share a build. */
const SOURCES = [
  'package.json',
  'package-lock.json',
  'next.config.mjs',
  'tsconfig.json',
  'app',
  'components',
  'content',
  'lib',
  'public',
  'scripts/finish.mjs',
  'scripts/hosting.mjs',
]

async function build() {
  try {
    basePath()
    siteUrl()
  } catch (e) {
    fail(e.message)
  }
  const value = digest(SOURCES, `${basePath()} ${siteUrl()}`)
  if (existsSync(join(top, 'out/index.html')) && stamped('.next/.stamp', value)) {
    say('· site: up to date')
    return true
  }
  const next = ['next', 'dist', 'bin', 'next']
  rmSync(join(top, '.next/.stamp'), { force: true })
  if (!(await bin('site: building', next, 'build'))) {
    // The bundler remembers failures of its loaders: begin again once.
    rmSync(join(top, '.next'), { recursive: true, force: true })
    if (!(await bin('site: building once more, from nothing', next, 'build'))) return false
  }
  if (
    !(await run('site: policies and headers', [process.execPath, join(top, 'scripts/finish.mjs')]))
  )
    return false
  writeFileSync(join(top, '.next/.stamp'), value)
  return true
}

async function needChromium() {
  const found = chromiumPath()
  if (found !== undefined) return found
  if (process.env.CHROME_PATH) fail(`CHROME_PATH=${process.env.CHROME_PATH} is not there.`)
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0)
    fail(
      'The tests need Chromium: install it, or set CHROME_PATH to it (as root on Debian, npm test installs it itself).',
    )
  await run('Chromium: package lists', ['apt-get', 'update', '-qq'])
  await run(
    'Chromium: installing',
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } },
  )
  return (
    chromiumPath() ??
    fail('Chromium could not be installed with apt-get; install it, or set CHROME_PATH to it.')
  )
}

/** What tests in test/analysis, test/cni, test/tools and test/verify ask a real kernel, CNI plugins, tcpdump and Wireshark with: the Debian package of each, and how it says its version. To tshark, -V is to capture and print. */
const NET_TOOLS = {
  ip: ['iproute2', '-V'],
  python3: ['python3', '--version'],
  bridge: ['iproute2', '-V'],
  'iptables-nft': ['iptables', '-V'],
  conntrack: ['conntrack', '-V'],
  unshare: ['util-linux', '-V'],
  tshark: ['tshark', '--version'],
  tcpdump: ['tcpdump', '--version'],
  ipset: ['ipset', '-v'],
  ipvsadm: ['ipvsadm', '--version'],
  sysctl: ['procps', '-V'],
  'linux.uml': ['user-mode-linux', '--version'],
  modprobe: ['kmod', '-V'],
  '/usr/lib/cni/bridge': ['containernetworking-plugins', '--version'],
}

/** Installs them as root on Debian. Without them those tests leave themselves out, and say so. */
async function wantNetTools() {
  const path = { env: { ...env, PATH: `${env.PATH ?? ''}:/usr/sbin:/sbin` } }
  const missing = () => [
    ...new Set(
      Object.entries(NET_TOOLS)
        .filter(([tool, [, version]]) => spawnSync(tool, [version], path).error !== undefined)
        .map(([, [name]]) => name),
    ),
  ]
  const names = missing()
  if (names.length === 0) return
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    await run('network tools: package lists', ['apt-get', 'update', '-qq'])
    await run(
      `network tools: installing ${names.join(', ')}`,
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      },
    )
  }
  if (missing().length > 0)
    say(
      `· NETWORK TOOLS ARE MISSING: ${missing().join(', ')}. The tests that ask them will be SKIPPED; as root on Debian, npm test installs them itself.`,
    )
}

async function start() {
  const port = portOf(process.env.PORT)
  if (typeof port === 'string') fail(port)
  // Better said now than after the build.
  const probe = site()
  const busy = await listen(probe, port, process.env.BIND || undefined)
  if (busy !== undefined) fail(busy)
  await new Promise((done) => {
    probe.close(done)
  })
  const unlock = await lock()
  await install()
  if (!(await build())) fail('The site does not build; the reason is above.')
  unlock()
  child = spawn(process.execPath, [join(top, 'scripts/serve.mjs')], {
    cwd: top,
    stdio: 'inherit',
    env,
  })
  child.on('exit', (code) => process.exit(code ?? 1))
}

async function test() {
  const t = Date.now()
  const unlock = await lock()
  await install()
  env.CHROME_PATH = await needChromium()
  await wantNetTools()
  rmSync(join(top, 'test/report'), { recursive: true, force: true })
  mkdirSync(join(top, 'test/report'), { recursive: true })
  const total = { passed: 0, failed: 0 }
  const bad = []
  const told = []
  const stage = (name, ok, report = '') => {
    const n = readReport(join(top, report), ok)
    total.passed += n.passed
    total.failed += n.failed
    told.push(...n.told)
    if (!ok) bad.push(name)
    return ok
  }
  const format = [...wordsOf('format'), '--check']
  stage('format', await bin('format', ['oxfmt', 'bin', 'oxfmt'], ...format))
  stage('lint', await bin('lint', ['oxlint', 'bin', 'oxlint'], ...wordsOf('lint')))
  const under = [join(top, 'scripts/under.mjs'), 'test/report/walks', '/walks']
  stage('site under a path', await run('site under /walks: building', [process.execPath, ...under]))
  // Before the types: the build writes those of the pages.
  const built = stage('site', await build())
  stage('types', await bin('types', ['typescript', 'bin', 'tsc'], ...wordsOf('types')))
  stage(
    'unit tests',
    await bin(
      'unit tests',
      ['vitest', 'vitest.mjs'],
      'run',
      '--config',
      'test/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      '--outputFile.json=test/report/unit.json',
    ),
    'test/report/unit.json',
  )
  if (built)
    stage(
      'browser tests',
      await run('browser tests', [
        process.execPath,
        '--experimental-websocket',
        'test/e2e/run.mjs',
      ]),
      'test/report/e2e.json',
    )
  else say('· browser tests: left out, there is no site')
  stage('benchmark', await run('benchmark', [process.execPath, ...wordsOf('bench'), '--gate']))
  unlock()
  for (const one of told) say(`FAILED ${one}`)
  say(
    bad.length === 0
      ? `All stages passed in ${((Date.now() - t) / 1000).toFixed(0)} s.`
      : `Failed: ${bad.join(', ')}.`,
  )
  say(`Tests: ${total.passed} passed, ${total.failed} failed`)
  process.exit(bad.length === 0 ? 0 : 1)
}

const what = process.argv[2]
if (what !== 'start' && what !== 'test') fail('usage: node scripts/run.mjs start|test')
await (what === 'start' ? start() : test())
