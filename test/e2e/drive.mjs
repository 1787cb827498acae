// Firefox and WebKitGTK, driven by what they speak themselves: WebDriver BiDi (W3C) over a WebSocket, and WebDriver over HTTP. Just what a smoke test needs.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How long a browser may take to start, and a page to become what is asked, in ms. */
const LONGEST = 60_000
const KEYS = { ArrowRight: '\uE014', ArrowLeft: '\uE012' }

const there = (command) => spawnSync(command, ['--version']).error === undefined
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

/** Ends a process that was started here, and all that it started. */
async function end(child) {
  const gone = new Promise((done) => child.once('exit', done))
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    return
  }
  await gone
}

/** The first line that a process prints which fits, as a match. */
function line(child, pattern) {
  return new Promise((done, fail) => {
    let said = ''
    const hear = (chunk) => {
      said += chunk
      const found = pattern.exec(said)
      if (found !== null) done(found)
    }
    child.stderr.on('data', hear)
    child.stdout.on('data', hear)
    child.once('exit', () => fail(new Error(`it ended: ${said.slice(-300)}`)))
    setTimeout(() => fail(new Error(`it says nothing: ${said.slice(-300)}`)), LONGEST).unref()
  })
}

/** Firefox, or null where it is not installed. */
export async function firefox() {
  if (!there('firefox-esr')) return null
  if (globalThis.WebSocket === undefined)
    throw new Error(
      'this Node has a WebSocket only when asked: node --experimental-websocket test/e2e/run.mjs',
    )
  const profile = mkdtempSync(join(tmpdir(), 'packet-walk-firefox-'))
  const args = [
    '--headless',
    '--remote-debugging-port',
    '0',
    '--profile',
    profile,
    '--no-remote',
    'about:blank',
  ]
  const child = spawn('firefox-esr', args, {
    detached: true,
    env: { ...process.env, HOME: profile },
  })
  const [, url] = await line(child, /WebDriver BiDi listening on (ws:\S+)/)
  const socket = new WebSocket(`${url}/session`)
  await new Promise((done, fail) => {
    socket.onopen = done
    socket.onerror = () => fail(new Error('Firefox takes no connection'))
  })
  const waiting = new Map()
  const errors = []
  socket.onmessage = ({ data }) => {
    const { id, type, result, message, params } = JSON.parse(data)
    if (type === 'event' && params.level === 'error') errors.push(params.text)
    const asked = waiting.get(id)
    waiting.delete(id)
    if (type === 'success') asked?.done(result)
    else asked?.fail(new Error(message))
  }
  let n = 0
  const send = (method, params) =>
    new Promise((done, fail) => {
      n += 1
      waiting.set(n, { done, fail })
      socket.send(JSON.stringify({ id: n, method, params }))
    })
  const { capabilities } = await send('session.new', { capabilities: {} })
  await send('session.subscribe', { events: ['log.entryAdded'] })
  const { contexts } = await send('browsingContext.getTree', {})
  const { context } = contexts[0]
  await send('browsingContext.setViewport', { context, viewport: { width: 1280, height: 900 } })
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    /** What its console called an error since the last time it was asked. */
    errors: async () => errors.splice(0),
    open: (to) => send('browsingContext.navigate', { context, url: to, wait: 'complete' }),
    async ask(expression) {
      const r = await send('script.evaluate', {
        expression: `JSON.stringify(${expression})`,
        target: { context },
        awaitPromise: true,
      })
      if (r.type === 'exception') throw new Error(r.exceptionDetails.text)
      return JSON.parse(r.result.value ?? 'null')
    },
    press: (key) =>
      send('input.performActions', {
        context,
        actions: [
          {
            type: 'key',
            id: 'keys',
            actions: ['keyDown', 'keyUp'].map((type) => ({ type, value: KEYS[key] ?? key })),
          },
        ],
      }),
    async close() {
      await end(child)
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** WebKitGTK's MiniBrowser, on a screen of its own (Xvfb), or null where one of the three is not installed. */
export async function webkit() {
  if (!there('WebKitWebDriver') || spawnSync('Xvfb', ['-help']).error !== undefined) return null
  const screen = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1300x950x24', '-nolisten', 'tcp'],
    { detached: true },
  )
  const [display] = await line(screen, /^\d+/)
  const port = 20_000 + (process.pid % 20_000)
  const env = {
    ...process.env,
    DISPLAY: `:${display}`,
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
  }
  const child = spawn('WebKitWebDriver', [`--port=${port}`], { detached: true, env })
  const call = async (method, path, body) => {
    const r = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const { value } = await r.json()
    if (!r.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }
  for (let tries = 0; ; tries += 1)
    try {
      await call('GET', '/status')
      break
    } catch (e) {
      if (tries > 100) throw e
      await sleep(100)
    }
  const { sessionId, capabilities } = await call('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { args: ['--automation'] } } },
  })
  const at = `/session/${sessionId}`
  await call('POST', `${at}/window/rect`, { x: 0, y: 0, width: 1280, height: 900 })
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    // WebDriver does not tell what the console says.
    errors: async () => [],
    open: (url) => call('POST', `${at}/url`, { url }),
    async ask(expression) {
      return JSON.parse(
        await call('POST', `${at}/execute/sync`, {
          script: `return JSON.stringify(${expression}) ?? 'null'`,
          args: [],
        }),
      )
    },
    press: (key) =>
      call('POST', `${at}/actions`, {
        actions: [
          {
            type: 'key',
            id: 'keys',
            actions: ['keyDown', 'keyUp'].map((type) => ({ type, value: KEYS[key] ?? key })),
          },
        ],
      }),
    async close() {
      await call('DELETE', at).catch(() => {})
      await end(child)
      await end(screen)
    },
  }
}

/** Waits until an expression is true in the page. */
export async function until(browser, expression, what) {
  for (let waited = 0; waited < LONGEST; waited += 100) {
    if ((await browser.ask(expression)) === true) return
    await sleep(100)
  }
  throw new Error(`not within a minute: ${what}`)
}
