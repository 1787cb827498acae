// `npm run og`: the pictures by which a link to a page is shown elsewhere, drawn by the site as it was last built, into public/og. What was drawn is kept as a digest beside them; og.e2e.mjs tells when a page draws another.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { chromiumPath } from '../../scripts/chromium.mjs'
import { listen, site } from '../../scripts/serve.mjs'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const WIDTH = 1200
const HEIGHT = 630
const world = (id, page = `/embed/${id}/`) => ({ id, page })

/** Each picture: its file, the world it shows, and the page whose title stands beside it. */
export const PICTURES = {
  home: world('flannel-udp', '/'),
  'one-packet': world('lan', '/one-packet/'),
  docker: world('docker-bridge', '/docker/'),
  kubernetes: world('flannel-vxlan', '/kubernetes/'),
  flannel: world('flannel-udp', '/flannel/'),
  layers: world('flannel-udp', '/layers/'),
  unseen: world('flannel-vxlan', '/unseen/'),
  'vpc-cni': world('vpc-cni', '/vpc-cni/'),
  ...Object.fromEntries(
    [
      'docker-bridge',
      'docker-ports',
      'flannel-udp',
      'flannel-vxlan',
      'flannel-host-gw',
      'lan',
      'vpc-routes',
      'vpc-cni',
      'sg-per-pod',
      'lyft-ipvlan',
      'encapsulations',
      'calico-ipip',
      'calico-cross-subnet',
      'calico-vxlan',
      'calico-bgp',
      'fargate',
      'gke-native',
    ].map((id) => [`world-${id}`, world(id)]),
  ),
}
/** The step in the middle of the way: where AWS wraps the packet, or where it refuses it; where there is no AWS, the switch or the rule that decides. */
const MIDDLE = {
  'vpc-cni': 'vpc/eni-node-1-eth1 vpc-encap',
  'sg-per-pod': 'vpc/eni-node-1-eth0 vpc-encap',
  'lyft-ipvlan': 'vpc/eni-node-1-eth1 vpc-encap',
  'flannel-host-gw': 'vpc/eni-node-1-eth0 src-check',
  lan: 'switch/br0 bridge#3',
  'docker-ports': 'node-1/eth0 nat',
  encapsulations: 'gateway/eth0 route',
  fargate: 'vpc/eni-web-app-frontend-1-eth0 vpc-encap',
}
export const file = (name) => join(TOP, 'public/og', name)
export const kept = () => JSON.parse(readFileSync(file('digests.json'), 'utf8'))

/** Makes the open page the picture: the figure of the world where its packet is in the middle, its title beside it. Resolves to what it was drawn from, in short. */
export async function draw(page, base, { id, page: at }) {
  // High enough for the whole picture; the sheet that is taken is not.
  await page.setViewportSize({ width: WIDTH, height: 1000 })
  const html = await (await page.request.get(`${base}${at}`)).text()
  const title = (/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? '').replace(/<[^>]*>/g, '')
  const step = MIDDLE[id] ?? 'vpc/eni-node-1-eth0 vpc-encap'
  const shown = `#f=1;${id};;;${encodeURIComponent(step)}`
  await page.goto(`${base}/embed/${id}/?theme=light${shown}`)
  await page.locator('[data-figure]:not([data-step-key$=" app"])').waitFor()
  const drawn = await page.evaluate(
    async ([text, wide, high]) => {
      await document.fonts.ready
      const stage = document.querySelector('[data-stage]')
      const svg = document.querySelector('svg[data-picture]').cloneNode(true)
      const [w, h] = ['--wide', '--high'].map((p) => stage.style.getPropertyValue(p).trim())
      svg.setAttribute('viewBox', `0 0 ${w} ${h}`)
      svg.querySelector('g')?.removeAttribute('transform')
      const scale = Math.min(800 / w, (high - 60) / h)
      svg.style.cssText = `width:${w * scale}px;height:${h * scale}px;max-height:none;flex:none`
      const sheet = document.createElement('div')
      sheet.style.cssText = `position:fixed;inset:0;z-index:99;width:${wide}px;height:${high}px;display:flex;align-items:center;gap:24px;padding:0 24px 0 40px;box-sizing:border-box;background:var(--paper)`
      const words = document.createElement('div')
      words.style.cssText = 'flex:1;font-family:var(--text);color:var(--ink)'
      const name = document.createElement('p')
      name.textContent = 'Packet Walk'
      name.style.cssText = 'font-size:24px;font-weight:700;margin:0 0 20px;color:var(--soft)'
      const heading = document.createElement('p')
      heading.textContent = text
      heading.style.cssText =
        'font-size:42px;line-height:1.15;font-weight:750;margin:0;letter-spacing:-.02em'
      words.append(name, heading)
      sheet.append(words, svg)
      document.querySelector('[data-figure]').append(sheet)
      return svg.outerHTML
    },
    [title, WIDTH, HEIGHT],
  )
  // Neither names that a build makes up nor ids say anything of the picture.
  const plain = drawn
    .replace(
      / class="([^"]*)"/g,
      (_, c) => ` class="${c.replace(/\S*?_+([^_\s]+)(?=\s|$)/g, '$1')}"`,
    )
    .replace(/ (?:id|style|tabindex|aria-\w+)="[^"]*"/g, '')
    .replace(/url\([^)]*\)|href="#[^"]*"/g, '')
  const looks = readFileSync(join(TOP, 'components/diagram/Diagram.module.css'), 'utf8')
  return createHash('sha256').update(`${title}\n${plain}\n${looks}`).digest('hex').slice(0, 16)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = site()
  const wrong = await listen(server, 0)
  if (wrong !== undefined) throw new Error(wrong)
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] })
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  const digests = {}
  for (const [name, of] of Object.entries(PICTURES)) {
    digests[name] = await draw(page, `http://127.0.0.1:${server.address().port}`, of)
    await page.screenshot({
      path: file(`${name}.png`),
      clip: { x: 0, y: 0, width: WIDTH, height: HEIGHT },
    })
  }
  writeFileSync(file('digests.json'), `${JSON.stringify(digests, null, 2)}\n`)
  await browser.close()
  server.close()
}
