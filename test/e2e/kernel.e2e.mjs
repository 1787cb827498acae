// The line that says whether Linux did the same, and the comparison behind it, made in the browser.
import { readFileSync } from 'node:fs'

/** The cases of this file. */
export async function cases({ check, fall, figure, open, same, yes }) {
  const line = (page) => figure(page).locator('[data-kernel]')
  const said = async (page, text) => {
    await fall(page, 'more')
    await page.waitForFunction(
      (x) =>
        new RegExp(x).test(document.querySelector('[data-kernel] > summary')?.textContent ?? ''),
      text,
    )
  }

  await check('Linux agrees, and the browser holds its capture against the walk', async (page) => {
    await open(page, '/embed/flannel-vxlan/')
    await said(
      page,
      '^We sent this packet through a real Linux 6\\.18 and compared every frame: (\\d+) of \\1 are the same$',
    )
    await line(page).locator('summary').click()
    await line(page).locator('[data-compared="agrees"]').waitFor()
    const frames = /frame: (\d+) of/.exec(await line(page).locator('summary').innerText())[1]
    yes(
      (await line(page).innerText()).includes(`${frames} frames on `),
      'another number of frames below',
    )
    yes((await line(page).locator('dt').count()) > 2, 'no rules listed')
    yes(
      (await line(page).innerText()).includes('nothing is broadcast'),
      'nothing about the VPC’s stand-in',
    )
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      line(page)
        .getByRole('button', { name: /Save Linux/ })
        .click(),
    ])
    same(file.suggestedFilename(), 'flannel-vxlan-frontend-1-to-backend-2-linux.pcapng', 'its name')
    same(
      readFileSync(await file.path())
        .subarray(0, 4)
        .toString('hex'),
      '0a0d0d0a',
      'its first bytes',
    )
  })

  await check('a capture that was changed differs', async (page) => {
    await page.route('**/kernel/flannel-vxlan.json', async (route) => {
      const body = await (await route.fetch()).json()
      // The last byte of each frame that is not ARP.
      await route.fulfill({
        json: {
          ...body,
          bytes: body.bytes.map((b) =>
            b.slice(24, 28) === '0800'
              ? b.replace(/[0-9a-f]{2}$/, (x) => (x === 'ee' ? 'ef' : 'ee'))
              : b,
          ),
        },
      })
    })
    await open(page, '/embed/flannel-vxlan/')
    await fall(page, 'more')
    await line(page).locator('summary').click()
    await line(page).locator('[data-compared="differs"]').waitFor()
  })

  await check(
    'each what-if was compared, two together were not, nor is a network of one’s own',
    async (page) => {
      await open(page, '/embed/flannel-vxlan/')
      await said(page, 'are the same$')
      const before = await line(page).locator('summary').innerText()
      await fall(page, 'change')
      const boxes = figure(page).locator('ul input[type=checkbox]')
      // The second one takes a route away; the first, a daemon nothing needs here, leaves the frames as they were.
      await boxes.nth(1).check()
      await said(page, 'are the same$')
      yes((await line(page).locator('summary').innerText()) !== before, 'the same frames')
      await fall(page, 'change')
      await boxes.nth(0).check()
      await said(page, '^Not compared with Linux')
      await line(page).locator('summary').click()
      // What a details holds comes after it has opened: the browser tells of that later.
      await line(page).getByText('alone, not two together').waitFor()
      await open(page, '/sandbox/')
      await said(page, '^Not compared with Linux: this network is yours')
    },
  )

  await check(
    'a random rule can draw again: another endpoint, in the link, not recorded',
    async (page) => {
      await open(page, '/embed/flannel-vxlan/#f=1;flannel-vxlan;service;;node-1/docker0%20nat')
      await page.waitForFunction(() =>
        document
          .querySelector('[data-figure]')
          .textContent.includes('becomes 10.1.15.2:49886 → 10.1.20.3:8080'),
      )
      await (await fall(page, 'more')).getByRole('button', { name: 'It draws again' }).click()
      await page.waitForFunction(() =>
        document
          .querySelector('[data-figure]')
          .textContent.includes('10.1.15.2:49886 → 10.1.15.3:8080'),
      )
      yes(
        (await figure(page).getAttribute('data-step-key')) === 'node-1/docker0 nat',
        'the place is lost',
      )
      await said(page, '^Not compared with Linux: you drew again')
      yes(/f\.view=1;story;;\d+/.test(page.url()), 'not in the link')
      await page.reload()
      await page.waitForFunction(() =>
        document
          .querySelector('[data-figure]')
          .textContent.includes('10.1.15.2:49886 → 10.1.15.3:8080'),
      )
      await (await fall(page, 'more')).getByRole('button', { name: 'It draws again' }).click()
      await said(page, 'are the same$')
      yes(!page.url().includes('.view='), 'still in the link')
    },
  )

  await check('without its recording it claims nothing', async (page) => {
    await page.route('**/kernel/**', (route) => route.fulfill({ body: 'no JSON' }))
    await open(page, '/embed/vpc-cni/')
    await fall(page, 'more')
    await line(page)
      .locator('summary', {
        hasText:
          /^Compared with Linux, but the record is missing: it could not be loaded from this site$/,
      })
      .waitFor()
    await line(page).locator('summary').click()
    await line(page)
      .getByText('The capture is missing: it could not be loaded from this site.')
      .waitFor()
  })
}
