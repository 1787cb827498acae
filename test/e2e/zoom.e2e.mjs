// Pan and zoom of the picture: by button, by pinch, and never at the cost of the page's own scroll.

/** The transform of what is in the picture, as numbers. */
const scaleOf = (page) =>
  page.evaluate(() => {
    const t = document.querySelector('svg[data-picture] > g')?.getAttribute('transform') ?? ''
    return Number(/scale\(([\d.]+)\)/.exec(t)?.[1] ?? 1)
  })
/** What zooms is loaded when a hand comes near. */
const ready = async (page) => {
  await page.locator('svg[data-picture]').first().hover()
  await page.waitForFunction(() =>
    document.querySelector('svg[data-picture] > g')?.hasAttribute('transform'),
  )
}

/** The camera has come to rest. */
const settled = (page) => page.waitForTimeout(700)

/** The cases of this file. */
export async function cases({ check, figure, open, same, yes }) {
  await check('zooms by button and back to the whole picture', async (page) => {
    await open(page, '/embed/flannel-vxlan/')
    await ready(page)
    const button = (name) => figure(page).getByRole('button', { name, exact: true })
    const first = await scaleOf(page)
    yes(await button('Zoom out').isDisabled(), 'smaller than the whole picture')
    await button('Zoom in').click()
    await page.waitForFunction(
      (k) =>
        Number(
          /scale\(([\d.]+)\)/.exec(
            document.querySelector('svg[data-picture] > g').getAttribute('transform'),
          )[1],
        ) >
        1.4 * k,
      first,
    )
    await button('Whole picture').click()
    await settled(page)
    same((await scaleOf(page)).toFixed(2), first.toFixed(2), 'the scale of the whole picture')
    yes(await button('Whole picture').isDisabled(), 'the whole picture is shown')
  })

  await check(
    'a picture larger than its place goes with the packet, in whole boxes at a size that is read',
    async (page) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await open(page, '/embed/flannel-udp/')
      await settled(page)
      const seen = () =>
        page.evaluate(() => {
          const svg = document.querySelector('svg[data-picture]')
          const r = svg.parentElement.getBoundingClientRect()
          const boxes = [...svg.querySelectorAll('[data-box]:not([data-cut])')]
          const cut = boxes.filter((b) => {
            const e = b.querySelector('rect, circle').getBoundingClientRect()
            const inside =
              e.right > r.left && e.left < r.right && e.bottom > r.top && e.top < r.bottom
            return (
              inside &&
              (e.left < r.left - 1 ||
                e.right > r.right + 1 ||
                e.top < r.top - 1 ||
                e.bottom > r.bottom + 1)
            )
          })
          const here = svg.querySelector('[data-here=true]')
          return {
            cut: cut.map((b) => b.dataset.box),
            here: here === null || !here.hasAttribute('data-cut'),
            scale: svg.querySelector(':scope > g').getScreenCTM().a,
          }
        })
      await figure(page).focus()
      for (let i = 0; i < 10; i += 1) {
        const { cut, here, scale } = await seen()
        same(cut, [], `cut boxes at stop ${i + 1}`)
        yes(here, `the packet's box is left out at stop ${i + 1}`)
        yes(scale >= 0.96, `smaller than it is read at stop ${i + 1}: ${scale}`)
        await page.keyboard.press('ArrowRight')
        await settled(page)
      }
    },
  )

  await check('leaves the wheel to the page; a pinch zooms', async (page) => {
    await open(page, '/flannel/')
    await ready(page)
    const r = await page.locator('svg[data-picture]').first().boundingBox()
    await page.mouse.move(r.x + r.width / 2, r.y + Math.min(r.height / 2, 200))
    const top = await page.evaluate(() => scrollY)
    await page.mouse.wheel(0, 240)
    await page.waitForFunction((y) => scrollY > y + 100, top)
    const before = await scaleOf(page)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -240)
    await page.keyboard.up('Control')
    await page.waitForFunction(
      (k) =>
        Number(
          /scale\(([\d.]+)\)/.exec(
            document.querySelector('svg[data-picture] > g').getAttribute('transform'),
          )[1],
        ) > k,
      before,
    )
  })

  await check('the packet stays in sight while zoomed in', async (page) => {
    await open(page, '/embed/flannel-vxlan/')
    await ready(page)
    for (let i = 0; i < 3; i += 1)
      await figure(page).getByRole('button', { name: 'Zoom in', exact: true }).click()
    await figure(page).focus()
    for (let i = 0; i < 25; i += 1) {
      await page.keyboard.press('ArrowRight')
      const seen = await page.evaluate(() => {
        const box = document
          .querySelector('svg[data-picture] [data-here=true] > rect')
          ?.getBoundingClientRect()
        const frame = document.querySelector('svg[data-picture]').getBoundingClientRect()
        return (
          box === undefined ||
          (box.left + box.width / 2 >= frame.left &&
            box.left + box.width / 2 <= frame.right &&
            box.top + box.height / 2 >= frame.top &&
            box.top + box.height / 2 <= frame.bottom)
        )
      })
      yes(seen, `the packet is out of sight at step ${i + 1}`)
    }
  })
}
