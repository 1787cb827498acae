// `npm run bench:web`: the exported site in Chromium, beside a plain page in the same run. Ratios may be compared between machines, milliseconds may not.
// Nothing here fails a build but what could not be measured. LIGHTHOUSE=path of Lighthouse's command adds its scores.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { chromiumPath } from '../../scripts/chromium.mjs'
import { listen, site } from '../../scripts/serve.mjs'
import {
  keyPress,
  plainFrames,
  playFrames,
  rank,
  retained,
  scrubFrames,
  toggle,
  undo,
} from './page.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '../../out')
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
// Milliseconds are those of the machine that measures: where other things run beside it they are a hint, the ratio to a plain page in the same run says more.
const AIM = { pressMs: 33, frames: 0.98, heap: 2e6, score: 98 }
// A chapter begins with recalls, which have one stop: it is measured in a scene that has several. Its end turns the text, so it is walked so many stops on and back.
const WALKS = [{ path: '/embed/flannel-vxlan/' }, { path: '/flannel/#reply', turn: 5 }]
/** Short, and of many rows: keys only. */
const SHORT = { path: '/vpc-cni/#node-port', turn: 4 }
const PRESSES = 120
const FRAMES_MS = 8000

const say = (s) => process.stdout.write(`${s}\n`)
const fail = (s) => {
  process.stderr.write(`${s}\n`)
  process.exit(1)
}
const executablePath =
  chromiumPath() ??
  fail('The browser benchmark needs Chromium; install it, or set CHROME_PATH to it.')
if (!existsSync(join(out, 'index.html')))
  fail('The browser benchmark measures the exported site; build it first: npm run build')
const server = site(out)
const wrong = await listen(server, 0)
if (wrong !== undefined) fail(wrong)
const base = `http://127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath, args: FLAGS })

/** One measure in a window of its own, so that none inherits from another. */
async function alone(f) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  try {
    return await f(page, await context.newCDPSession(page))
  } finally {
    await context.close()
  }
}

/** Lighthouse's scores for one address, the median of five runs each, or undefined without Lighthouse. */
async function scores(path, form) {
  const runs = []
  for (let i = 0; i < 5; i += 1) {
    const dir = mkdtempSync(join(tmpdir(), 'lighthouse-'))
    try {
      const file = join(dir, 'report.json')
      const args = [
        process.env.LIGHTHOUSE,
        base + path,
        '--quiet',
        '--output=json',
        `--output-path=${file}`,
        '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
        ...(form === 'desktop' ? ['--preset=desktop'] : []),
      ]
      const code = await new Promise((done) => {
        const child = spawn(process.execPath, args, {
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, CHROME_PATH: executablePath },
        })
        child.on('error', () => done(1))
        child.on('exit', done)
      })
      if (code !== 0)
        throw new Error(
          `Lighthouse (${process.env.LIGHTHOUSE}) could not measure ${path}: exit status ${code}`,
        )
      const { categories } = JSON.parse(readFileSync(file, 'utf8'))
      runs.push(
        Object.fromEntries(Object.values(categories).map((c) => [c.id, Math.round(c.score * 100)])),
      )
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }
  return Object.fromEntries(
    Object.keys(runs[0]).map((id) => [
      id,
      rank(
        runs.map((r) => r[id]),
        0.5,
      ),
    ]),
  )
}

const rows = []
/** One line of the table: what, how much, the aim, whether it is met, and what else was seen. */
function row(what, value, aim, met, note, data) {
  rows.push({ what, value, aim, met, ...data })
  say(
    `${what.padEnd(54)} ${value.padStart(12)}   aim ${aim.padEnd(9)} ${met ? 'met   ' : 'MISSED'} ${note}`,
  )
}

try {
  // Plain page first and last: what the machine itself does in between is seen.
  const press = (path, turn) =>
    alone((page, cdp) =>
      keyPress(page, cdp, { url: path === null ? null : base + path, n: PRESSES, turn }),
    )
  const plain = [await press(null)]
  const pressed = []
  for (const { path, turn } of [...WALKS, SHORT]) pressed.push([path, await press(path, turn)])
  plain.push(await press(null))
  const floor = (plain[0].p95 + plain[1].p95) / 2
  for (const [path, r] of pressed) {
    row(
      `key to painted step, CPU at a quarter, ${path}`,
      `${r.p95.toFixed(1)} ms`,
      `≤ ${AIM.pressMs} ms`,
      r.p95 <= AIM.pressMs,
      `p95 of ${r.n}; p50 ${r.p50.toFixed(1)}, worst ${r.max.toFixed(1)}, its words p95 ${r.wordsP95.toFixed(1)}, Event Timing p95 ${r.eventP95}; ${(r.p95 / floor).toFixed(2)} × a plain page (${plain.map((p) => p.p95.toFixed(1)).join(', ')} ms)`,
      { ms: r, plain, ratio: r.p95 / floor },
    )
  }

  for (const { path } of WALKS) {
    for (const [what, f] of [
      ['playing', (page) => playFrames(page, base + path, FRAMES_MS)],
      ['scrubbing 200 steps', (page) => scrubFrames(page, base + path, 200)],
    ]) {
      const still = [await alone((page) => plainFrames(page, FRAMES_MS / 2))]
      const r = await alone(f)
      still.push(await alone((page) => plainFrames(page, FRAMES_MS / 2)))
      const ratio = r.share / ((still[0].share + still[1].share) / 2)
      row(
        `frames while ${what}, ${path}`,
        ratio.toFixed(3),
        `≥ ${AIM.frames}`,
        ratio >= AIM.frames,
        `× a plain page (${still.map((p) => p.share.toFixed(3)).join(', ')}); ${r.frames} frames, ${(100 * r.share).toFixed(1)}% on time, ${r.steps} steps, worst gap ${r.worst.toFixed(0)} ms`,
        { frames: r, plain: still, ratio },
      )
    }
  }

  for (const [path, edit, what] of [
    ['/embed/flannel-vxlan/', toggle, 'what-ifs'],
    ['/sandbox/', undo, 'edits undone'],
  ]) {
    const r = await alone((page, cdp) => retained(page, cdp, base + path, 500, edit))
    row(
      `heap kept after ${r.n} steps with ${what}, ${path}`,
      `${(r.bytes / 1e6).toFixed(2)} MB`,
      `< ${AIM.heap / 1e6} MB`,
      r.bytes < AIM.heap,
      `of ${(r.before / 1e6).toFixed(1)} MB before; ${r.nodes} more nodes, ${r.listeners} more listeners`,
      { heap: r },
    )
  }

  if (process.env.LIGHTHOUSE === undefined || process.env.LIGHTHOUSE === '')
    say(
      'LIGHTHOUSE WAS LEFT OUT: nothing is said of its scores. Set LIGHTHOUSE to the path of its cli/index.js to have them.',
    )
  else if (!existsSync(process.env.LIGHTHOUSE))
    throw new Error(`LIGHTHOUSE=${process.env.LIGHTHOUSE}: there is no such file`)
  else {
    for (const path of ['/', '/flannel/']) {
      for (const form of ['desktop', 'mobile']) {
        const s = await scores(path, form)
        row(
          `Lighthouse ${form}, ${path}`,
          String(s.performance),
          `≥ ${AIM.score}`,
          Object.values(s).every((x) => x >= AIM.score),
          `performance, median of five; ${Object.entries(s)
            .filter(([id]) => id !== 'performance')
            .map(([id, x]) => `${id} ${x}`)
            .join(', ')}`,
          { scores: s },
        )
      }
    }
  }
} catch (e) {
  process.stderr.write(`bench:web could not measure: ${e.message}\n`)
  process.exitCode = 1
} finally {
  await browser.close()
  server.close()
}
mkdirSync(join(here, '../report'), { recursive: true })
writeFileSync(
  join(here, '../report/web.json'),
  JSON.stringify(
    { complete: process.exitCode === undefined, lighthouse: Boolean(process.env.LIGHTHOUSE), rows },
    null,
    1,
  ),
)
