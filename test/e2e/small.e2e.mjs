// Small windows: 320 px, and 1280 px at 400 %, which is the same width and a quarter of the height.

const SIZES = [
  [320, 640, 1],
  [320, 256, 4],
]
const STATES = [
  '/embed/flannel-udp/',
  '/embed/vpc-cni/#f=1;vpc-cni;ping;;&f.view=1;story;flannel-udp',
]

/** Pages whose first picture is in the first screen, and windows in which it has no room, or just has. */
const FIRST = ['/one-packet/', '/flannel/', '/vpc-cni/', '/embed/flannel-udp/', '/']
const WINDOWS = [
  [320, 640],
  [360, 640],
  [390, 844],
  [700, 900],
  [768, 1024],
  [1280, 720],
]

/** Runs in the page: where the first picture's boxes are, and how large its words. */
const drawn = () => {
  const svg = document.querySelector('svg[data-picture]')
  const boxes = [...svg.querySelectorAll('[data-box]')].map((b) => {
    const { left, top, width } = b.getBoundingClientRect()
    return [b.dataset.box, left, top, width]
  })
  const { a: scale } = svg.querySelector('text').getScreenCTM()
  const words = [...svg.querySelectorAll('text')].map(
    (t) => scale * parseFloat(getComputedStyle(t).fontSize),
  )
  return { boxes, least: Math.min(...words), lens: svg.parentElement.dataset.lens }
}

/** The cases of this file. */
export async function cases({ base, chapters, check, fall, figure, key, open, same, yes }) {
  for (const path of FIRST)
    await check(
      `${path}: before its script is there the picture is cut as the camera cuts it, its words large enough, and nothing moves when it comes alive`,
      async (page) => {
        await page.addInitScript(() => {
          globalThis.shifted = 0
          new PerformanceObserver((l) => {
            for (const e of l.getEntries()) globalThis.shifted += e.value
          }).observe({ type: 'layout-shift', buffered: true })
        })
        const html = await (await page.request.get(base + path)).text()
        for (const [width, height] of WINDOWS) {
          await page.setViewportSize({ width, height })
          // The figure's script comes when the case lets it: what the page itself does not name.
          let letIn = () => {}
          const until = new Promise((done) => {
            letIn = done
          })
          await page.route('**/*.js', async (route) => {
            if (!html.includes(new URL(route.request().url()).pathname)) await until
            await route.continue()
          })
          await page.goto('about:blank')
          await page.goto(base + path, { waitUntil: 'domcontentloaded' })
          await page.waitForFunction(() => document.fonts.status === 'loaded')
          const before = await page.evaluate(drawn)
          const where = `${width} × ${height}`
          same(before.lens, undefined, `${where}: it is alive`)
          yes(before.least >= 0.96 * 12.5, `${where}: words of ${before.least} px`)
          const shifted = await page.evaluate(() => globalThis.shifted)
          letIn()
          await page.locator('[data-lens]').first().waitFor()
          await page.waitForTimeout(300)
          const { boxes } = await page.evaluate(drawn)
          const moved = boxes.filter(([id, ...at], i) => {
            const [was, ...from] = before.boxes[i]
            return id !== was || at.some((px, n) => Math.abs(px - from[n]) > 1)
          })
          same(moved, [], `${where}: boxes that moved`)
          same(await page.evaluate(() => globalThis.shifted), shifted, `${where}: shift`)
          await page.unrouteAll({ behavior: 'ignoreErrors' })
        }
      },
      { reducedMotion: 'reduce' },
    )

  for (const [width, height] of [
    [360, 640],
    [390, 844],
  ])
    await check(
      `at ${width} × ${height} every sentence of a chapter is read without being scrolled, and hides no packet`,
      async (page) => {
        let grown = 0
        for (const path of chapters) {
          await open(page, path)
          const wrong = []
          const ids = await page
            .locator('[data-scene]')
            .evaluateAll((all) => all.map((e) => e.dataset.scene))
          for (const id of ids) {
            await page.evaluate(
              (x) =>
                document.getElementById(x).scrollIntoView({ block: 'start', behavior: 'instant' }),
              id,
            )
            await page.waitForFunction(
              (x) => document.querySelector('[data-figure]').dataset.shows === x,
              id,
            )
            await page.waitForTimeout(120)
            const told = await page.evaluate(() => {
              const live = document.querySelector('[data-live]')
              const r = live.getBoundingClientRect()
              const card = document.querySelector('[data-card]')?.getBoundingClientRect()
              const here = document.querySelector('svg [data-here="true"]')?.getBoundingClientRect()
              return {
                scrolls: live.scrollHeight > live.clientHeight + 1,
                lines: Math.round(r.height),
                hidden: [card, here].some((x) => x !== undefined && x.bottom > r.top + 1),
              }
            })
            if (told.lines > 50) grown += 1
            // Rules that name two others are longer than a picture is high.
            if (told.scrolls && told.lines < 150) wrong.push(`${id}: it scrolls`)
            if (told.hidden) wrong.push(`${id}: the packet is behind it`)
          }
          same(wrong, [], path)
        }
        yes(grown > 0, 'none is longer than its room')
      },
      { viewport: { width, height }, reducedMotion: 'reduce' },
    )

  for (const [width, height] of [
    [320, 640],
    [390, 844],
  ])
    await check(
      `at ${width} px a chapter's name has room in its header`,
      async (page) => {
        for (const path of chapters) {
          await open(page, path)
          const name = await page
            .locator('header.site [class*=title]')
            .evaluate((e) => [
              e.textContent,
              e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1,
              e.getBoundingClientRect().bottom <=
                e.closest('header').getBoundingClientRect().bottom,
            ])
          same(name.slice(1), [true, true], `${name[0]}: is cut`)
        }
      },
      { viewport: { width, height } },
    )

  for (const [width, height, deviceScaleFactor] of SIZES) {
    await check(
      `at ${width} × ${height}, scale ${deviceScaleFactor}: no sideways scroll, targets large enough and apart, and it steps`,
      async (page) => {
        for (const path of STATES) {
          await page.goto('about:blank')
          await open(page, path)
          if (path.includes('view='))
            await page.getByRole('group', { name: 'Which of the two is seen' }).waitFor()
          const told = await page.evaluate(look)
          same(
            [told.wide, told.unreachable],
            [width, []],
            `${path}: width of the page, what lies beside it`,
          )
          same(told.overlaps, [], `${path}: on each other`)
          yes(told.count > 9, `${path}: only ${told.count} targets`)
          same(told.small, [], `${path}: too small`)
          same(told.player, [], `${path}: player buttons below 44 px`)
          yes(
            told.dock <= height / 2,
            `${path}: what sticks to the edge takes ${told.dock} of ${height} px`,
          )
          const before = await key(page)
          await figure(page).getByRole('button', { name: 'Next step', exact: true }).click()
          yes((await key(page)) !== before, `${path}: the button does not step`)
          const menu = await (await fall(page, 'more')).locator('button').evaluateAll((all) =>
            all.map((b) => {
              // What lies below the edge is scrolled to: in the menu, or where nothing sticks with the page.
              b.scrollIntoView({ block: 'center', behavior: 'instant' })
              const r = b.getBoundingClientRect()
              return [
                Math.round(r.left),
                Math.round(r.right),
                document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2) === b,
              ]
            }),
          )
          yes(
            menu.length >= 6 &&
              menu.every(([left, right, there]) => left >= 0 && right <= width && there),
            `${path}: the menu's choices lie at ${JSON.stringify(menu)}`,
          )
        }
      },
      { viewport: { width, height }, deviceScaleFactor, reducedMotion: 'reduce' },
    )
  }
}

/** Runs in the page: how its targets lie. */
function look() {
  /** What is seen of an element: cut by all that scrolls around it. */
  const seen = (e) => {
    let { left, top, right, bottom } = e.getBoundingClientRect()
    for (let p = e.parentElement; p !== null && p !== document.body; p = p.parentElement) {
      if (getComputedStyle(p).overflow === 'visible') continue
      const r = p.getBoundingClientRect()
      left = Math.max(left, r.left)
      top = Math.max(top, r.top)
      right = Math.min(right, r.right)
      bottom = Math.min(bottom, r.bottom)
    }
    return { left, top, right, bottom }
  }
  const name = (e) =>
    e.getAttribute('aria-label') ?? (e.textContent?.trim().slice(0, 20) || e.tagName)
  const dock = document.querySelector('[class*=thumbs]')
  // What is in a closed menu is not there; a check box is as large as its label.
  const targets = [
    ...document.querySelectorAll(
      '[data-figure] :is(button, select, summary, input[type=range], label:has(input[type=checkbox]))',
    ),
  ].filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.closest('svg') === null)
  const boxes = targets.map((e) => ({ e, r: e.getBoundingClientRect(), s: seen(e) }))
  const meet = (a, b) =>
    Math.min(a.s.right, b.s.right) - Math.max(a.s.left, b.s.left) > 1 &&
    Math.min(a.s.bottom, b.s.bottom) - Math.max(a.s.top, b.s.top) > 1
  // The dock may stick above what the page scrolls below it.
  const overlaps = boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => dock.contains(a.e) === dock.contains(b.e) && meet(a, b))
      .map((b) => `${name(a.e)} and ${name(b.e)}`),
  )
  const size = ({ e, r }) => `${name(e)} ${Math.round(r.width)}×${Math.round(r.height)}`
  const inScroller = (e) => {
    for (let p = e.parentElement; p !== null; p = p.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX)) return true
    return false
  }
  return {
    count: boxes.length,
    overlaps,
    wide: document.documentElement.scrollWidth,
    unreachable: boxes
      .filter(({ e, r }) => !inScroller(e) && (r.left < 0 || r.right > innerWidth))
      .map(size),
    small: boxes.filter(({ r }) => r.width < 24 || r.height < 24).map(size),
    player: boxes
      .filter(
        ({ e, r }) =>
          e.matches(
            '[aria-label="Previous step"], [aria-label=Play], [aria-label="Next step"], [aria-label="To the end of this packet"]',
          ) &&
          (r.width < 44 || r.height < 44),
      )
      .map(size),
    dock: dock.getBoundingClientRect().height,
  }
}
