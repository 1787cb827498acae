// Small windows: 320 px, and 1280 px at 400 %, which is the same width and a quarter of the height.

const SIZES = [
  [320, 640, 1],
  [320, 256, 4],
]
const STATES = [
  '/embed/flannel-udp/',
  '/embed/vpc-cni/#f=1;vpc-cni;ping;;&f.view=1;story;flannel-udp',
]

/** The cases of this file. */
export async function cases({ check, fall, figure, key, open, same, yes }) {
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
