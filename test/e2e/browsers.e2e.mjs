// The same site in Firefox and in WebKitGTK: it opens, comes alive, steps, and a row that goes is a packet that is lost.
import { firefox, until, webkit } from './drive.mjs'

const BROWSERS = [
  [firefox, 'Firefox', 'firefox-esr'],
  [webkit, 'WebKitGTK', 'webkit2gtk-driver xvfb'],
]
const FIGURE = "document.querySelector('[data-figure]')"
const KEY = `${FIGURE}.dataset.stepKey`
const ALIVE = `${FIGURE} !== null && Object.keys(${FIGURE}.querySelector('button')).some((k) => k.startsWith('__react'))`
// How the walk ends is a mark; its words stand in the title.
const ends = (how) => `/${how}/i.test(document.querySelector('[data-ended]')?.title ?? '')`

/** The cases of this file. */
export async function cases({ base, check, say, yes }) {
  for (const [start, name, packages] of BROWSERS) {
    const browser = await start()
    if (browser === null) {
      say(`  SKIPPED: ${name} is not installed (Debian: ${packages})`)
      continue
    }
    say(`  in ${browser.version}:`)
    const errors = async () => {
      const said = await browser.errors()
      yes(said.length === 0, said[0])
    }
    const open = async (path) => {
      await browser.open('about:blank')
      await browser.open(`${base}${path}`)
      await until(browser, ALIVE, `the figure of ${path} comes alive`)
    }
    try {
      for (const path of ['/flannel/', '/embed/vpc-cni/'])
        await check(`${name}: ${path} opens, and steps forth and back by key`, async () => {
          await open(path)
          const first = await browser.ask(KEY)
          await browser.ask(`${FIGURE}.focus()`)
          await browser.press('ArrowRight')
          await until(browser, `${KEY} !== ${JSON.stringify(first)}`, 'a step')
          await browser.press('ArrowLeft')
          await until(browser, `${KEY} === ${JSON.stringify(first)}`, 'a step back')
          await errors()
        })
      await check(
        `${name}: a route is deleted in the sandbox, and the packet is dropped`,
        async () => {
          await open('/sandbox/')
          await until(browser, ends('delivered'), 'delivered at first')
          await browser.ask(
            `document.querySelector('[aria-label^="Delete 10.1.2.0/24 via"]').click()`,
          )
          await until(browser, ends('dropped:'), 'dropped')
          yes(
            (await browser.ask('location.hash')).includes('sandbox='),
            'the address does not carry the change',
          )
          await errors()
        },
      )
    } finally {
      await browser.close()
    }
  }
}
