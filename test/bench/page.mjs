// What `npm run bench:web` does in a page: opens it, presses, scrubs, counts. Each measure throws when there was nothing to measure.

const FIGURE = '[data-figure]'
/** Presses before any is counted. */
const WARM = 12
/** A page with next to nothing in it, to compare with: one key changes a text, one element moves all the time. */
export const PLAIN = `<!doctype html><title>plain</title><style>b { display: block; width: 40px; height: 40px; background: navy; animation: go 1s linear infinite alternate } @keyframes go { to { transform: translateX(400px) } }</style>
<section data-figure="plain" data-step-key="0" tabindex="0"><p>0</p><div><b></b></div></section>
<script>const s = document.querySelector('section'); s.addEventListener('keydown', () => { const n = String(1 + Number(s.dataset.stepKey)); s.dataset.stepKey = n; s.firstChild.textContent = n })</script>`

export const rank = (xs, q) =>
  xs.toSorted((a, b) => a - b)[Math.min(xs.length - 1, Math.ceil(q * xs.length) - 1)]
export const figure = (page) => page.locator(FIGURE).first()
const key = (page) => figure(page).getAttribute('data-step-key')
/** The scene that the figure shows. */
const shows = (page) => figure(page).getAttribute('data-shows')

/** Opens an address, or the plain page if there is none, and waits until its first figure answers. One that names a scene is left where it leads to. */
export async function open(page, url) {
  if (url === null) await page.setContent(PLAIN)
  else {
    await page.goto(url, { waitUntil: 'load' })
    await figure(page).waitFor()
    // The figure that comes alive takes the place of the one that was built, at any time from here.
    const scene = new URL(url).hash.slice(1)
    if (scene === '')
      await page.evaluate(
        (f) => document.querySelector(f).scrollIntoView({ block: 'start', behavior: 'instant' }),
        FIGURE,
      )
    await page.waitForFunction(
      (f) =>
        Object.keys(document.querySelector(`${f} button`) ?? {}).some((k) =>
          k.startsWith('__react'),
        ),
      FIGURE,
    )
    await page.waitForLoadState('networkidle')
    if (scene !== '')
      await page.waitForFunction(
        ([f, id]) => document.querySelector(f).dataset.shows === id,
        [FIGURE, scene],
      )
  }
  await figure(page).focus()
}

/** How often a key is pressed until another step is shown, and how long each is waited for. */
const [TRIES, PATIENCE_MS] = [5, 4000]

/** Milliseconds from a key's event to the frame that shows another step: the task after that frame's work, which the event's own clock precedes. And what the browser's Event Timing says of the same keys, in steps of 8; and the same to the frame that shows the words about the step, which may come a frame later. `turn`: in a scene, whose end turns the text, so many stops on and as many back. */
export async function keyPress(page, cdp, { url, n, turn }) {
  await open(page, url)
  const begins = await shows(page)
  await page.evaluate((f) => {
    const found = { own: [], words: [], event: [] }
    globalThis.bench = found
    new PerformanceObserver((l) => {
      for (const e of l.getEntries())
        if (e.name === 'keydown' && globalThis.counting) found.event.push(e.duration)
    }).observe({ type: 'event', durationThreshold: 16 })
    // Each key has a number: who still looks for what an older one shows looks no more.
    let number = 0
    addEventListener(
      'keydown',
      (e) => {
        number += 1
        const mine = number
        const after = (what, then) => {
          const was = what()
          const look = () => {
            if (mine !== number) return
            if (what() === was) {
              requestAnimationFrame(look)
              return
            }
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = () => {
              port1.close()
              then(performance.now() - e.timeStamp)
            }
            port2.postMessage(0)
          }
          requestAnimationFrame(look)
        }
        globalThis.shown = 0
        const seen = (list) => (ms) => {
          if (globalThis.counting) list.push(ms)
          if (mine === number) globalThis.shown += 1
        }
        after(() => document.querySelector(f).dataset.stepKey, seen(found.own))
        after(
          () =>
            (document.querySelector(`${f} [data-live]`) ?? document.querySelector(`${f} p`))
              .textContent,
          seen(found.words),
        )
      },
      { capture: true },
    )
  }, FIGURE)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const press = async (name) => {
    for (let i = 1; ; i += 1) {
      await page.keyboard.press(name)
      const options = { polling: 20, timeout: PATIENCE_MS }
      try {
        await page.waitForFunction(() => globalThis.shown === 2, undefined, options)
        break
      } catch (e) {
        if (i === TRIES) throw new Error(`${url}: ${name} shows no other step`, { cause: e })
      }
    }
    await page.waitForTimeout(60)
  }
  const count = (on) =>
    page.evaluate((x) => {
      globalThis.counting = x
    }, on)
  const isLast = () =>
    page.evaluate(
      (f) => document.querySelector(`${f} button[aria-label="Next step"]`)?.disabled ?? false,
      FIGURE,
    )
  for (let i = 0; i < WARM + n; i += 1) {
    // The last step has none after it: from the first again, which is not counted.
    if (turn === undefined && (await isLast())) {
      await count(false)
      await press('Home')
    }
    await count(i >= WARM)
    await press(turn !== undefined && i % (2 * turn) >= turn ? 'ArrowLeft' : 'ArrowRight')
  }
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  if (turn !== undefined && (await shows(page)) !== begins)
    throw new Error(`${url}: the scene has no ${turn} stops more, or none before`)
  const { own, words, event } = await page.evaluate(() => globalThis.bench)
  if (own.length !== n)
    throw new Error(`${url ?? 'the plain page'}: ${own.length} of ${n} key presses were seen`)
  // Presses that Event Timing does not list took less than 16 ms.
  const listed = [...event, ...Array.from({ length: Math.max(0, n - event.length) }, () => 8)]
  return {
    p50: rank(own, 0.5),
    p95: rank(own, 0.95),
    max: Math.max(...own),
    wordsP95: rank(words, 0.95),
    eventP95: rank(listed, 0.95),
    n,
  }
}

/** The share of frames that came: of the time's 60ths of a second, how many had one. `act` is what goes on meanwhile. */
async function frames(page, act) {
  await page.evaluate((f) => {
    const seen = { at: [], steps: 0, on: true }
    globalThis.frames = seen
    new MutationObserver((l) => {
      seen.steps += l.length
    }).observe(document.querySelector(f), { attributeFilter: ['data-step-key'] })
    const next = (t) => {
      seen.at.push(t)
      if (seen.on) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  }, FIGURE)
  await act()
  const { at, steps } = await page.evaluate(() => {
    globalThis.frames.on = false
    return globalThis.frames
  })
  const deltas = at.slice(1).map((t, i) => t - at[i])
  if (deltas.length < 60) throw new Error(`only ${deltas.length} frames were seen`)
  const due = deltas.reduce((sum, d) => sum + Math.max(1, Math.round((d * 60) / 1000)), 0)
  return {
    share: deltas.length / due,
    p95: rank(deltas, 0.95),
    worst: Math.max(...deltas),
    frames: deltas.length,
    steps,
  }
}

export async function plainFrames(page, ms) {
  await open(page, null)
  return frames(page, () => page.waitForTimeout(ms))
}

/** While the walk is played at double speed. */
export async function playFrames(page, url, ms) {
  await open(page, url)
  await page.keyboard.press('.')
  await page.keyboard.press('.')
  await page.waitForTimeout(500)
  const r = await frames(page, async () => {
    await page.keyboard.press('k')
    await page.waitForTimeout(ms)
    await page.keyboard.press('k')
  })
  if (r.steps < 3) throw new Error(`${url}: ${r.steps} steps were played`)
  return r
}

/** While the slider's knob is dragged over its stops and back, at most 30 stops a second: a move waits until the page has taken the one before. */
export async function scrubFrames(page, url, n) {
  await open(page, url)
  const slider = figure(page).getByRole('slider', { name: 'Step', exact: true })
  await slider.scrollIntoViewIfNeeded()
  const box = await slider.boundingBox()
  const stops = Number(await slider.getAttribute('max'))
  const x = (i) => box.x + (box.width * (i + 0.5)) / (stops + 1)
  const y = box.y + box.height / 2
  await page.mouse.move(x(0), y)
  await page.mouse.down()
  await page.waitForTimeout(500)
  const r = await frames(page, async () => {
    const began = performance.now()
    for (let i = 1; i <= n; i += 1) {
      const turn = i % (2 * stops)
      await page.mouse.move(x(turn <= stops ? turn : 2 * stops - turn), y)
      await page.waitForTimeout(Math.max(0, began + i * 33 - performance.now()))
    }
  })
  await page.mouse.up()
  if (r.steps < n * 0.9) throw new Error(`${url}: the drag made ${r.steps} steps of ${n}`)
  return r
}

/** Steps and edits, `n` in all: after each 20 steps, an edit and its undoing. */
async function exercise(page, n, edit) {
  for (let i = 0; i < n; i += 1) {
    await figure(page).focus()
    await page.keyboard.press(i % 40 < 20 ? 'ArrowRight' : 'ArrowLeft')
    if (i % 20 === 19) await edit(page, (i - 19) / 20)
  }
  await figure(page).focus()
  await page.keyboard.press('Home')
}

/** What-ifs, one after another, on and off again. */
export async function toggle(page, turn) {
  const change = figure(page).locator('[data-opens="change"]')
  if ((await change.getAttribute('aria-expanded')) !== 'true') await change.click()
  const boxes = figure(page).locator('[data-menu="change"] input[type=checkbox]')
  const n = await boxes.count()
  if (n === 0) throw new Error('no what-ifs are offered')
  const i = turn % n
  for (const on of [true, false]) {
    await boxes.nth(i).evaluate((b) => b.click())
    await page.waitForFunction(
      ([f, k, want]) => document.querySelectorAll(`${f} input[type=checkbox]`)[k]?.checked === want,
      [FIGURE, i, on],
    )
  }
}

/** A route of the sandbox, deleted and brought back. */
export async function undo(page) {
  const button = page.getByRole('button', { name: /^Delete 10\.1\.2\.0\/24 via/ })
  await button.click()
  await page.locator('[data-ended][data-ok="lost"]').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await button.waitFor()
}

/** Bytes of heap, nodes and listeners that `n` steps with their edits leave behind, after 200 to warm up. */
export async function retained(page, cdp, url, n, edit) {
  await open(page, url)
  const count = async () => {
    await page.waitForTimeout(1500)
    for (let i = 0; i < 3; i += 1) await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    return { heap: usedSize, ...(await cdp.send('Memory.getDOMCounters')) }
  }
  await exercise(page, 200, edit)
  const first = await key(page)
  const before = await count()
  await exercise(page, n, edit)
  if ((await key(page)) !== first) throw new Error(`${url}: it does not end where it began`)
  const after = await count()
  return {
    bytes: after.heap - before.heap,
    before: before.heap,
    nodes: after.nodes - before.nodes,
    listeners: after.jsEventListeners - before.jsEventListeners,
    n,
  }
}
