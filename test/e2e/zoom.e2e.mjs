// Pan and zoom of the picture: by button, by pinch, and never at the cost of the page's own scroll.

/** The transform of what is in the picture, as numbers. */
const scaleOf = (page) => page.evaluate(() => { const t = document.querySelector('svg[data-picture] > g')?.getAttribute('transform') ?? ''; return Number(/scale\(([\d.]+)\)/.exec(t)?.[1] ?? 1) })
/** What zooms is loaded when a hand comes near. */
const ready = async (page) => {
  await page.locator('svg[data-picture]').first().hover()
  await page.waitForFunction(() => document.querySelector('svg[data-picture] > g')?.hasAttribute('transform'))
}

/** The cases of this file. */
export async function cases({ check, figure, open, same, yes }) {
  await check('zooms by button and back to the whole picture', async (page) => {
    await open(page, '/embed/flannel-vxlan/')
    await ready(page)
    const button = (name) => figure(page).getByRole('button', { name, exact: true })
    yes(await button('Zoom out').isDisabled(), 'smaller than the whole picture')
    await button('Zoom in').click()
    await page.waitForFunction(() => /scale\(1\.5\)/.test(document.querySelector('svg[data-picture] > g').getAttribute('transform')))
    await button('Whole picture').click()
    await page.waitForFunction(() => /scale\(1\)/.test(document.querySelector('svg[data-picture] > g').getAttribute('transform')))
    yes(await button('Whole picture').isDisabled(), 'the whole picture is shown')
  })

  await check('a picture wider than its place can be seen whole', async (page) => {
    await open(page, `/sandbox/#sandbox=${encodeURIComponent(JSON.stringify([1, 'vpc-cni', 5, 3, 1500, 'pod-1-1', 'pod-2-2', []]))}`)
    const hidden = () => page.evaluate(() => { const e = document.querySelector('svg[data-picture]').parentElement; return e.scrollWidth - e.clientWidth })
    await page.waitForFunction(() => document.querySelectorAll('svg[data-picture] [data-box]').length > 25)
    yes((await hidden()) > 50, 'it is not wider')
    await figure(page).getByRole('button', { name: 'Whole picture' }).click()
    same(await hidden(), 0, 'pixels beside it')
    await figure(page).getByRole('button', { name: 'Zoom in' }).click()
    yes((await hidden()) > 50, 'it is not large again')
  })

  await check('leaves the wheel to the page; a pinch zooms', async (page) => {
    await open(page, '/flannel/')
    await ready(page)
    const r = await page.locator('svg[data-picture]').first().boundingBox()
    await page.mouse.move(r.x + r.width / 2, r.y + Math.min(r.height / 2, 200))
    const top = await page.evaluate(() => scrollY)
    await page.mouse.wheel(0, 240)
    await page.waitForFunction((y) => scrollY > y + 100, top)
    same(await scaleOf(page), 1, 'scale after the wheel')
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -240)
    await page.keyboard.up('Control')
    await page.waitForFunction(() => /scale\((?!1\))/.test(document.querySelector('svg[data-picture] > g').getAttribute('transform')))
    yes((await scaleOf(page)) > 1, 'scale after Ctrl and the wheel')
  })

  await check('the packet stays in sight while zoomed in', async (page) => {
    await open(page, '/embed/flannel-vxlan/')
    await ready(page)
    for (let i = 0; i < 3; i += 1) await figure(page).getByRole('button', { name: 'Zoom in', exact: true }).click()
    await figure(page).focus()
    for (let i = 0; i < 25; i += 1) {
      await page.keyboard.press('ArrowRight')
      const seen = await page.evaluate(() => {
        const box = document.querySelector('svg[data-picture] [data-here=true] > rect')?.getBoundingClientRect()
        const frame = document.querySelector('svg[data-picture]').getBoundingClientRect()
        return box === undefined || (box.left + box.width / 2 >= frame.left && box.left + box.width / 2 <= frame.right && box.top + box.height / 2 >= frame.top && box.top + box.height / 2 <= frame.bottom)
      })
      yes(seen, `the packet is out of sight at step ${i + 1}`)
    }
  })
}
