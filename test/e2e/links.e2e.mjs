// Links to a state of a figure: whole, old, and broken; and figures in other people's pages.
import { createServer } from 'node:http'

const BROKEN = [
  '#f1=9;x;y;z;q',
  '#f1=1;gone;ping;;a b',
  '#f1=1;flannel-udp;gone;nope;x',
  '#f1=%E0%A4%A',
  '#f1=1;__proto__;constructor;toString;%00',
  '#f1=<script>',
]

/** The cases of this file. */
export async function cases({ base, check, figure, key, open, same, yes }) {
  await check('a link opens at its step, and back returns to the world before', async (page) => {
    await open(page, '/flannel/#f1=1;flannel-vxlan;ping;;node-1/flannel.1 tunnel')
    await page.locator('[data-figure][data-step-key="node-1/flannel.1 tunnel"]').waitFor()
    const world = figure(page).getByRole('combobox', { name: 'Network' })
    same(await world.inputValue(), 'flannel-vxlan', 'the world')
    yes((await page.locator('[data-notice]').count()) === 0, 'a whole link has a notice')
    // A chapter offers the worlds that it names.
    await world.selectOption('flannel-udp')
    await page.waitForFunction(() => location.hash.includes('flannel-udp'))
    await page.goBack()
    await page.waitForFunction(() => location.hash.includes('flannel-vxlan'))
    same(await world.inputValue(), 'flannel-vxlan', 'the world after going back')
  })

  await check(
    'back to the address without a link, the figure is as at first; a heading leaves it where it is',
    async (page) => {
      await open(page, '/flannel/?theme=dark')
      const start = await key(page)
      await figure(page).focus()
      await page.keyboard.press('End')
      await page.waitForURL(/theme=dark#f1=/)
      const end = await key(page)
      await page.evaluate(() => {
        location.hash = document.querySelector('h2[id]').id
      })
      await page.waitForTimeout(300)
      yes(start !== end && (await key(page)) === end, 'a heading moved the figure')
      await page.goBack()
      await page.waitForURL(/#f1=/)
      yes((await key(page)) === end, 'back from the heading')
      await page.evaluate(() => {
        location.hash = ''
      })
      await page
        .locator(`[data-figure] >> nth=0`)
        .and(page.locator(`[data-step-key="${start}"]`))
        .waitFor()
      await page.goBack()
      await page
        .locator(`[data-figure] >> nth=0`)
        .and(page.locator(`[data-step-key="${end}"]`))
        .waitFor()
      yes(page.url().includes('?theme=dark'), 'the colours are gone from the address')
    },
  )

  await check('the link that stepping leaves opens at the same step', async (page) => {
    await open(page, '/flannel/')
    await figure(page).focus()
    for (let i = 0; i < 9; i += 1) await page.keyboard.press('ArrowRight')
    // Past the last stop of a scene the page scrolls first. At the first stop of a scene the address is the scene's, at others the step's: when it rests.
    await page.evaluate(
      () =>
        new Promise((done) => {
          let [was, since] = [location.hash, performance.now()]
          const look = () => {
            if (location.hash !== was) [was, since] = [location.hash, performance.now()]
            if (was !== '' && performance.now() - since > 1500) done()
            else requestAnimationFrame(look)
          }
          look()
        }),
    )
    const at = await key(page)
    await page.reload()
    await page.waitForFunction(
      (k) => document.querySelector('[data-figure]').getAttribute('data-step-key') === k,
      at,
    )
  })

  await check(
    'who steps and at once goes to another network comes back to the step',
    async (page) => {
      await open(page, '/embed/flannel-vxlan/')
      await figure(page).focus()
      const at = await page.evaluate(() => {
        const f = document.querySelector('[data-figure]')
        f.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }),
        )
        return new Promise((done) => {
          requestAnimationFrame(() => {
            const k = f.dataset.stepKey
            const world = [...f.querySelectorAll('select')].find((e) =>
              [...e.options].some((o) => o.value === 'vpc-cni'),
            )
            world.value = 'vpc-cni'
            world.dispatchEvent(new Event('change', { bubbles: true }))
            done(k)
          })
        })
      })
      await page.waitForFunction(() => location.hash.includes('vpc-cni'))
      await page.goBack()
      await page.waitForFunction(
        (k) => document.querySelector('[data-figure]').dataset.stepKey === k,
        at,
      )
    },
  )

  for (const hash of BROKEN) {
    await check(`a broken link says so and shows the nearest state: ${hash}`, async (page) => {
      await open(page, `/flannel/${hash}`)
      await page.locator('[data-notice]').first().waitFor()
      same(
        await page.evaluate(() => location.hash),
        new URL(`/flannel/${hash}`, base).hash,
        'the address, before anything is changed',
      )
      yes(
        (await page.locator('[data-notice]').first().textContent()).length > 20,
        'the notice says nothing',
      )
      yes((await key(page)) !== '', 'no step')
    })
  }

  await check('a page elsewhere frames a figure, and can step it', async (page) => {
    const host = createServer((_, res) => {
      res.setHeader('content-type', 'text/html')
      res.end(
        `<!doctype html><title>t</title><link rel="icon" href="data:,"><iframe title="walk" sandbox="allow-scripts allow-same-origin" width="900" height="700" src="${base}/embed/flannel-udp/"></iframe>`,
      )
    })
    await new Promise((done) => {
      host.listen(0, '127.0.0.1', done)
    })
    try {
      await page.goto(`http://127.0.0.1:${host.address().port}/`)
      const inside = page.frameLocator('iframe').locator('[data-figure]')
      await inside.waitFor()
      const first = await inside.getAttribute('data-step-key')
      await inside.getByRole('button', { name: 'Next step' }).click()
      yes((await inside.getAttribute('data-step-key')) !== first, 'the step did not change')
    } finally {
      host.close()
    }
  })
}
