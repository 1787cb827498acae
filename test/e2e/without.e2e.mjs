// A page that something is withheld from: storage, the clipboard, the network, scripts. It works, or says why not.
import { readFileSync } from 'node:fs'

const AT =
  '/embed/flannel-vxlan/#f=1;flannel-vxlan;frontend-1-to-backend-2;;node-1/flannel.1 tunnel'
const OFFLINE = /ERR_INTERNET_DISCONNECTED|Failed to (?:load|fetch)|ChunkLoadError/

/** The cases of this file. */
export async function cases({ base, check, fall, figure, open, looked, same, yes }) {
  const theme = (page) => page.evaluate(() => document.documentElement.dataset.theme)
  const menu = async (page, what) => {
    // It stays open after a choice.
    const more = await fall(page, 'more')
    await more.getByRole('button', { name: what, exact: true }).click()
  }
  const saved = async (page, what) => {
    const [d] = await Promise.all([page.waitForEvent('download'), menu(page, what)])
    return readFileSync(await d.path())
  }
  const blocked = (page) =>
    page.addInitScript(() => {
      Object.defineProperty(globalThis, 'localStorage', {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError')
        },
      })
    })

  await check(
    'storage is blocked: the colours change all the same, and the button says which, and that nothing is remembered',
    async (page) => {
      await blocked(page)
      await open(page, '/flannel/')
      const button = page.locator('button.theme:not([data-search])')
      for (const name of ['light', 'dark', 'projector', 'system']) {
        await button.click()
        await page.waitForFunction(
          (n) => document.querySelector('button.theme:not([data-search])').textContent.includes(n),
          name,
        )
        same(await theme(page), name === 'system' ? undefined : name, 'the colours')
        yes(
          (await button.getAttribute('aria-label')).includes('keeps nothing'),
          'it does not say that it is not remembered',
        )
      }
      await open(page, '/?theme=dark')
      same(await theme(page), 'dark', 'by the address')
    },
  )

  await check(
    'the colours of the address follow the button, and stay through every step, what is copied, and the sandbox',
    async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
      await open(page, '/sandbox/?theme=dark')
      await page.getByRole('button', { name: /^Delete 10\.1\.2\.0\/24 via/ }).click()
      await page.waitForURL(/theme=dark#sandbox=/)
      await menu(page, 'Copy link to this step')
      await page.getByText('Link copied').waitFor()
      yes(
        (await page.evaluate(() => navigator.clipboard.readText())).includes(
          '/sandbox/?theme=dark#sandbox=',
        ),
        'the link has other colours',
      )
      await page.getByRole('button', { name: 'Start over' }).click()
      await page.waitForURL((u) => !u.hash.includes('sandbox='))
      same(new URL(page.url()).search, '?theme=dark', 'after starting over')
      await page.locator('button.theme:not([data-search])').click()
      await page.waitForURL(/theme=projector/)
      await page.reload()
      await page.waitForFunction(() => document.documentElement.dataset.theme === 'projector')
    },
  )

  for (const [what, take, why] of [
    [
      'denied',
      () => {
        navigator.clipboard.writeText = () =>
          Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'))
      },
      'does not let this page',
    ],
    [
      'missing',
      () => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined })
      },
      'https',
    ],
  ]) {
    await check(
      `the clipboard is ${what}: what was to be copied stands there selected, with the reason`,
      async (page) => {
        await page.addInitScript(take)
        await open(page, AT)
        const chosen = async () => {
          await page.locator('[data-by-hand] textarea').waitFor()
          await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
          return page.evaluate(() => {
            const f = document.activeElement
            return f.value.slice(f.selectionStart, f.selectionEnd)
          })
        }
        await menu(page, 'Copy link to this step')
        same(decodeURIComponent(await chosen()), decodeURIComponent(base + AT), 'the link')
        yes((await page.locator('[data-by-hand]').textContent()).includes(why), 'no reason')
        await menu(page, 'Copy frame for a web page')
        yes((await chosen()).startsWith('<iframe src='), 'the frame')
        await page.locator('[data-by-hand]').getByRole('button', { name: 'Close' }).click()
        await page.keyboard.press('Escape')
        await figure(page).focus()
        await page.keyboard.press('l')
        same(
          decodeURIComponent(await chosen()),
          decodeURIComponent(base + AT),
          'the link by its key',
        )
        await page.keyboard.press('Escape')
        same(await page.locator('[data-by-hand]').count(), 0, 'fields after Escape')
        await open(page, '/sandbox/')
        await page.getByText('As a cluster file').click()
        await page.getByRole('button', { name: 'Copy the file' }).click()
        yes((await chosen()).includes('network: flannel-vxlan'), 'the file')
      },
    )
  }

  await check(
    'offline once its menu was opened: picture, walk and capture are saved, and the badge says why it does not know',
    async (page) => {
      await open(page, AT)
      // The other world has been looked at, its recording not.
      const network = figure(page).getByRole('combobox', { name: 'Network' })
      await network.selectOption('vpc-cni')
      await page.waitForFunction(() => location.hash.includes('vpc-cni'))
      await page.goBack()
      await page.waitForFunction(() => location.hash.includes('flannel-vxlan'))
      await (await fall(page, 'more')).getByText('Copy link').hover()
      await page.waitForLoadState('networkidle')
      await page.context().setOffline(true)
      yes((await saved(page, 'Picture as SVG')).toString('utf8').startsWith('<svg'), 'no SVG')
      same((await saved(page, 'Picture as PNG')).subarray(1, 4).toString('latin1'), 'PNG', 'PNG')
      same((await saved(page, 'Capture for Wireshark')).readUInt32LE(0), 0x0a0d0d0a, 'pcapng magic')
      same(JSON.parse((await saved(page, 'Walk as JSON')).toString('utf8')).version, 1, 'version')
      await network.selectOption('vpc-cni')
      await fall(page, 'more')
      await page.locator('[data-kernel] summary', { hasText: 'this machine is offline' }).waitFor()
      await page.locator('[data-kernel] summary').click()
      await page.locator('[data-kernel] p', { hasText: 'this machine is offline' }).waitFor()
      await page.context().setOffline(false)
      await page.locator('[data-kernel] summary', { hasText: 'are the same' }).waitFor()
    },
    { noise: OFFLINE },
  )

  await check(
    'offline before that: it says what is missing and why, and when the network is back it saves',
    async (page) => {
      await open(page, AT)
      await page.waitForLoadState('networkidle')
      await page.context().setOffline(true)
      for (const what of [
        'Picture as SVG',
        'Picture as PNG',
        'Capture for Wireshark',
        'Walk as JSON',
      ]) {
        await menu(page, what)
        await page
          .locator('[data-bad="true"]', {
            hasText: /is missing, it could not be loaded, this machine is offline/,
          })
          .waitFor()
      }
      await page.getByRole('button', { name: 'Zoom in' }).click()
      await page
        .getByText('What zooms is missing: it could not be loaded, this machine is offline')
        .waitFor()
      await page.context().setOffline(false)
      yes((await saved(page, 'Picture as SVG')).toString('utf8').startsWith('<svg'), 'no SVG')
    },
    { noise: OFFLINE },
  )

  await check(
    'offline: the drawer says what is missing and why; where somebody had moved before, it opens',
    async (page) => {
      const drawer = figure(page).getByRole('tabpanel')
      const why = figure(page).getByRole('tab', { name: 'Why' })
      await open(page, AT)
      await page.waitForLoadState('networkidle')
      await page.context().setOffline(true)
      await why.click()
      await drawer
        .getByText('What tells it is missing: it could not be loaded, this machine is offline.')
        .waitFor()
      await page.context().setOffline(false)
      await page.reload()
      await page.waitForFunction(() =>
        Object.keys(document.querySelector('[data-figure] button') ?? {}).some((k) =>
          k.startsWith('__react'),
        ),
      )
      await page.mouse.move(3, 3)
      await page.mouse.move(9, 9)
      await page.waitForLoadState('networkidle')
      await page.context().setOffline(true)
      await why.click()
      await drawer.locator('[data-decides]').first().waitFor()
      await page.context().setOffline(false)
    },
    { noise: OFFLINE },
  )

  await check(
    'what makes a figure move does not come: it stands still, says so, and comes alive when the network is back',
    async (page) => {
      const html = await (await page.request.get(`${base}/flannel/`)).text()
      let away = true
      await page.route('**/*.js', (route) =>
        away && !html.includes(new URL(route.request().url()).pathname)
          ? route.abort('internetdisconnected')
          : route.continue(),
      )
      await page.goto(`${base}/flannel/`, { waitUntil: 'load' })
      await page
        .getByText(
          'This figure stands still: what moves it is missing, it could not be loaded from this site.',
        )
        .first()
        .waitFor()
      yes(await figure(page).locator('svg[data-picture]').isVisible(), 'no picture')
      away = false
      await page.evaluate(() => dispatchEvent(new Event('online')))
      await page.waitForFunction(() =>
        [...document.querySelectorAll('[data-figure] button')].some((b) =>
          Object.keys(b).some((k) => k.startsWith('__react')),
        ),
      )
    },
    { noise: OFFLINE },
  )

  await check('a name with a NUL in it: the SVG is one, and the PNG a picture', async (page) => {
    await open(page, AT)
    await page.evaluate(() => {
      document.querySelector('svg[data-picture] text').append('\u0000\ud800\ufffe')
    })
    const svg = (await saved(page, 'Picture as SVG')).toString('utf8')
    same(
      await page.evaluate(
        (s) =>
          new DOMParser().parseFromString(s, 'image/svg+xml').querySelectorAll('parsererror')
            .length,
        svg,
      ),
      0,
      'parse errors',
    )
    yes(svg.includes('\ufffd\ufffd\ufffd'), 'what cannot stand there is not marked')
    same((await saved(page, 'Picture as PNG')).subarray(1, 4).toString('latin1'), 'PNG', 'PNG')
  })

  await check(
    'what cannot be shown says so, keeps its link, and leaves the rest of the page',
    async (page) => {
      // Nothing known makes a figure fail: its browser lacks something.
      await page.addInitScript(() => {
        if (location.hash.includes('walk')) delete globalThis.ResizeObserver
      })
      await page.goto(`${base}/sandbox/#walk=1;flannel-vxlan;tcp;;x`)
      await page
        .getByRole('alert')
        .filter({ hasText: 'could not be shown: ResizeObserver' })
        .waitFor()
      same(await page.getByLabel('Its link, as it is').inputValue(), page.url(), 'the link')
      yes(await page.getByRole('heading', { name: 'Sandbox' }).isVisible(), 'the page is gone')
      await page.evaluate(() => {
        globalThis.ResizeObserver = class {
          observe() {}
          disconnect() {}
        }
      })
      await page.getByRole('button', { name: 'Start over' }).click()
      await figure(page).waitFor()
      same(new URL(page.url()).hash, '', 'the address')
    },
    { noise: /ResizeObserver|error occurred|recreate/ },
  )

  for (const path of looked) {
    await check(
      `${path} without scripts says what is missing, and shows no control that would do nothing`,
      async (page) => {
        await page.goto(base + path)
        yes(await page.locator('.noscript').isVisible(), 'no word of it')
        const controls = await page.locator('button, select, input, textarea').all()
        const seen = []
        for (const c of controls)
          if ((await c.boundingBox()) !== null) seen.push(await c.textContent())
        same(seen, [], 'controls')
        if ((await figure(page).count()) === 0) return
        // A chapter is read without its stage: each scene has its picture, chapter.e2e.mjs.
        if ((await page.locator('[data-scene]').count()) > 0) {
          yes(await page.locator('[data-scene] img').first().isVisible(), 'no picture of a scene')
          return
        }
        yes(await figure(page).locator('svg[data-picture]').isVisible(), 'no picture')
        yes(
          /: .{20}/.test(await figure(page).locator('ol li').last().innerText()) ||
            (await figure(page).locator('ol').last().innerText()).length > 300,
          'no walk in words',
        )
      },
      { javaScriptEnabled: false },
    )
  }
}
