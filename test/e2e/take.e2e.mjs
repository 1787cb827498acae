// What a reader takes along: a link, a frame, a picture, the walk, a capture, paper.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const AT =
  '/embed/flannel-vxlan/#f=1;flannel-vxlan;frontend-1-to-backend-2;;node-1/flannel.1 tunnel'

/** Where the VPC carries it, wrapped in what AWS does not tell. */
const IN_VPC = AT.replace('node-1/flannel.1 tunnel', 'vpc/eni-node-1-eth0 vpc-encap')

/** The cases of this file. */
export async function cases({ base, check, fall, figure, open, same, yes }) {
  const menu = async (page, what) => {
    // It stays open after a choice.
    const more = await fall(page, 'more')
    await more.getByRole('button', { name: what, exact: true }).click()
  }
  const saved = async (page, what) => {
    const [d] = await Promise.all([page.waitForEvent('download'), menu(page, what)])
    return { name: d.suggestedFilename(), bytes: readFileSync(await d.path()) }
  }

  await check('the link and the frame open at the same step', async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
    await open(page, AT)
    await menu(page, 'Copy link to this step')
    await page.getByText('Link copied').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    await menu(page, 'Copy frame for a web page')
    await page.getByText('Frame copied').waitFor()
    const frame =
      /src="([^"]+)" title="[^"]+"/.exec(
        await page.evaluate(() => navigator.clipboard.readText()),
      )?.[1] ?? ''
    for (const url of [link, frame]) {
      await page.goto('about:blank')
      await page.goto(url)
      await page.waitForFunction(
        () =>
          document.querySelector('[data-figure]')?.getAttribute('data-step-key') ===
          'node-1/flannel.1 tunnel',
      )
    }
    yes(frame.includes('/embed/flannel-vxlan/'), frame)
  })

  await check(
    'a frame has the colours that were chosen, also in a page elsewhere',
    async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
      await open(page, AT.replace('#', '?theme=projector#'))
      const theme = (where) => where.evaluate(() => document.documentElement.dataset.theme)
      same(await theme(page), 'projector', 'by the address')
      await menu(page, 'Copy frame for a web page')
      await page.getByText('Frame copied').waitFor()
      const html = await page.evaluate(() => navigator.clipboard.readText())
      const host = createServer((_, res) => {
        res.setHeader('content-type', 'text/html').end(`<!doctype html><title>t</title>${html}`)
      })
      await new Promise((done) => {
        host.listen(0, '127.0.0.1', done)
      })
      try {
        await page.goto(`http://127.0.0.1:${host.address().port}/`)
        const inside = page
          .frameLocator('iframe')
          .locator('[data-step-key="node-1/flannel.1 tunnel"]')
        await inside.waitFor()
        same(
          await inside.evaluate(() => document.documentElement.dataset.theme),
          'projector',
          'in a frame elsewhere',
        )
      } finally {
        host.close()
      }
      await open(page, '/?theme=nonsense')
      same(await theme(page), undefined, 'an unknown theme')
      await open(page, '/?theme=dark')
      yes(
        (await page.locator('button.theme:not([data-search])').textContent()).includes('dark'),
        'the button says another theme',
      )
      same(await page.evaluate(() => localStorage.getItem('theme')), null, 'it was remembered')
    },
  )

  await check('l copies the link and says so', async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
    await open(page, AT)
    await figure(page).focus()
    await page.keyboard.press('l')
    await page
      .locator('[data-live]', { hasText: 'Link to this step copied' })
      .waitFor({ state: 'attached' })
    same(
      decodeURIComponent(await page.evaluate(() => navigator.clipboard.readText())),
      decodeURIComponent(`${base}${AT}`),
      'the link',
    )
  })

  await check('the picture as SVG stands on its own, as PNG it is a picture', async (page) => {
    await open(page, AT)
    const svg = await saved(page, 'Picture as SVG')
    same(svg.name, 'flannel-vxlan-frontend-1-to-backend-2.svg', 'name')
    const told = await page.evaluate(look, svg.bytes.toString('utf8'))
    same(
      [told.wrong, told.classes, told.outside],
      [0, 0, []],
      'parse errors, classes, references outside',
    )
    yes(
      told.text.includes('becomes the payload of a UDP datagram') &&
        told.text.includes('flannel.1') &&
        told.boxes > 20,
      'the caption or the boxes are missing',
    )
    const png = await saved(page, 'Picture as PNG')
    same(png.bytes.subarray(0, 4).toString('latin1'), '\x89PNG', 'magic')
    yes(png.bytes.length > 20_000, `${png.bytes.length} bytes of PNG`)
    // The hatching is there where the packet has been carried by the VPC.
    await page.goto('about:blank')
    await open(page, IN_VPC)
    const carried = await page.evaluate(
      look,
      (await saved(page, 'Picture as SVG')).bytes.toString('utf8'),
    )
    same([carried.wrong, carried.classes, carried.outside], [0, 0, []], 'the same in the VPC')
    yes(carried.named > 0, 'the hatching is not in the picture')
  })

  await check('the walk as JSON and as a capture', async (page) => {
    await open(page, AT)
    const json = JSON.parse((await saved(page, 'Walk as JSON')).bytes.toString('utf8'))
    same([json.version, json.delivered], [1, true], 'version, delivered')
    yes(json.frames.length > 100, 'no frames')
    const capture = (await saved(page, 'Capture for Wireshark')).bytes
    same(capture.readUInt32LE(0), 0x0a0d0d0a, 'pcapng magic')
    let at = 0
    for (const f of json.frames) {
      at = capture.indexOf(Buffer.from(f.hex, 'hex'), at)
      yes(at > 0, `frame ${f.seq} is not in the capture`)
      at += f.hex.length / 2
    }
    await page.getByText('UDP port 8472 carries VXLAN').waitFor()
  })

  await check(
    'on paper a figure is a storyboard: a panel a stop, with caption, headers and link',
    async (page) => {
      await open(page, '/vpc-cni/')
      await page.emulateMedia({ media: 'print' })
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
      await page.waitForFunction(
        () => document.querySelectorAll('[data-figure="v1"] figure svg').length > 8,
      )
      const told = await page.evaluate(() => {
        const f = document.querySelector('[data-figure="v1"]')
        const panels = [...f.querySelectorAll('figure')].filter(
          (x) => x.querySelector('svg') !== null,
        )
        return {
          whole: panels.filter(
            (p) =>
              p.querySelector('figcaption')?.textContent?.length > 20 &&
              p.querySelectorAll('table tr').length >= 2 &&
              p.textContent.includes('#v1=1;'),
          ).length,
          all: panels.length,
          controls: [...f.querySelectorAll('button, input, select')].filter(
            (e) => e.getClientRects().length > 0,
          ).length,
        }
      })
      same(told.whole, told.all, 'panels with caption, headers and link')
      same(told.controls, 0, 'controls on paper')
      const pdf = await page.pdf({ format: 'A4' })
      yes(
        (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length > 3,
        'fewer than four pages',
      )
    },
  )
}

/** Runs in the page: what is in a picture that was saved. */
function look(text) {
  const d = new DOMParser().parseFromString(text, 'image/svg+xml')
  // What a browser would fetch: links, and addresses in the looks. Only the picture's own parts, which must be there, may be named.
  const named = [...d.querySelectorAll('*')]
    .flatMap((e) => [...e.attributes])
    .filter((a) => !a.name.startsWith('xmlns'))
    .flatMap((a) =>
      ['href', 'src'].includes(a.localName)
        ? [a.value]
        : [...a.value.matchAll(/url\(["']?([^"')]*)/g)].map((m) => m[1]),
    )
  return {
    wrong: d.querySelectorAll('parsererror').length,
    text: d.documentElement.textContent,
    classes: d.querySelectorAll('[class]').length,
    named: named.length,
    outside: named.filter((n) => !n.startsWith('#') || d.getElementById(n.slice(1)) === null),
    boxes: d.querySelectorAll('rect').length,
  }
}
