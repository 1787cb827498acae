// Pictures of the figure in its key states, compared with the ones kept beside this file. UPDATE_GOLDENS=1 keeps new ones.
// They hold for the major version of Chromium that made them: another draws letters otherwise, and is not asked.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const kept = join(here, 'goldens')
const report = join(here, '../report')
const UPDATE = process.env.UPDATE_GOLDENS === '1'
/** A pixel is another when a channel is off by more than this; so many of them, in parts of all, are let pass: edges of letters, and arrows, which come from the system’s fonts. */
const CHANNEL = 24
const SHARE = 0.001

/** The walk in words is long, and alike in all of them: it is in the pictures at rest. */
const WORDS = '[data-figure] > details { display: none; }'

const udp = 'flannel-udp;frontend-1-to-backend-2'
/** Name, link of the figure, theme, width. */
const PICTURES = [
  ['udp-rest', `${udp};;`, 'light', 1280],
  ['udp-rest', `${udp};;`, 'light', 768],
  ['udp-rest', `${udp};;`, 'light', 390],
  ['udp-rest', `${udp};;`, 'projector', 1280],
  ['udp-wrapped', `${udp};;node-1/flannel0 daemon`, 'light', 1280],
  ['udp-wrapped', `${udp};;node-1/flannel0 daemon`, 'dark', 1280],
  ['udp-wrapped', `${udp};;node-1/flannel0 daemon`, 'dark', 390],
  ['udp-wrapped', `${udp};;node-1/flannel0 daemon`, 'projector', 768],
  [
    'vxlan-vpc',
    'flannel-vxlan;frontend-1-to-backend-2;;vpc/eni-node-1-eth0 vpc-encap',
    'light',
    1280,
  ],
  [
    'vxlan-vpc',
    'flannel-vxlan;frontend-1-to-backend-2;;vpc/eni-node-1-eth0 vpc-encap',
    'dark',
    768,
  ],
  ['vpc-cni-rest', 'vpc-cni;frontend-1-to-backend-2;;', 'light', 1280],
  ['vpc-cni-rest', 'vpc-cni;frontend-1-to-backend-2;;', 'dark', 1280],
  ['vpc-cni-rest', 'vpc-cni;frontend-1-to-backend-2;;', 'light', 390],
  ['dropped', `${udp};stop-flanneld;vpc/eni-node-1-eth0 src-check`, 'light', 1280],
  ['dropped', `${udp};stop-flanneld;vpc/eni-node-1-eth0 src-check`, 'dark', 390],
  ['dropped', `${udp};stop-flanneld;vpc/eni-node-1-eth0 src-check`, 'projector', 1280],
  ['dropped', `${udp};stop-flanneld;vpc/eni-node-1-eth0 src-check`, 'projector', 390],
  ['compared', `${udp};;node-1/flannel0 daemon&f.view=1;story;vpc-cni`, 'light', 1280],
  ['compared', `${udp};;node-1/flannel0 daemon&f.view=1;story;vpc-cni`, 'light', 390],
  ['compared', `${udp};;node-1/flannel0 daemon&f.view=1;story;vpc-cni`, 'dark', 768],
  ['internet', 'vpc-cni;to-internet;;vpc/igw-main igw', 'light', 1280],
  ['service', 'flannel-vxlan;service;;node-1/docker0 nat', 'light', 1280],
  ['kernel', `${udp};;node-1/flannel0 daemon&f.view=1;kernel;`, 'light', 1280],
]

const fileOf = (name, theme, width) => `${name}-${theme}-${width}.png`
const SHORT = {
  'flannel-udp': 'flannel udp',
  'flannel-vxlan': 'flannel vxlan',
  'vpc-cni': 'VPC CNI',
}

/** The cases of this file. */
export async function cases({ base, check, figure, open, same, say, version, yes }) {
  const major = version.split('.')[0]
  mkdirSync(report, { recursive: true })
  const by = join(kept, 'chromium.txt')
  if (UPDATE) {
    rmSync(kept, { recursive: true, force: true })
    mkdirSync(kept)
    writeFileSync(by, `${major}\n`)
  }
  const made = existsSync(by) ? readFileSync(by, 'utf8').trim() : ''
  if (made !== major) {
    say(
      `  LEFT OUT: the pictures were made by Chromium ${made || '(none)'}, this is ${major}: nothing was compared. UPDATE_GOLDENS=1 makes new ones.`,
    )
    return
  }

  await check('no picture is kept that nothing is compared with, and all are small', async () => {
    if (UPDATE) return
    const files = readdirSync(kept)
      .filter((f) => f.endsWith('.png'))
      .toSorted()
    same(
      files,
      PICTURES.map(([name, , theme, width]) => fileOf(name, theme, width)).toSorted(),
      'kept',
    )
    const bytes = files.reduce((n, f) => n + readFileSync(join(kept, f)).length, 0)
    yes(bytes < 2_500_000, `${bytes} bytes of pictures`)
  })

  // A page a width and a theme; its figure follows the links.
  for (const [theme, width] of [
    ...new Set(PICTURES.map(([, , theme, width]) => `${theme} ${width}`)),
  ].map((x) => x.split(' '))) {
    const mine = PICTURES.filter((p) => p[2] === theme && String(p[3]) === width)
    await check(
      `${mine.map(([name]) => name).join(', ')}: as kept, ${theme}, ${width} px`,
      async (page) => {
        await page.addInitScript((t) => {
          if (location.protocol === 'http:') localStorage.setItem('theme', t)
        }, theme)
        await open(page, '/embed/flannel-udp/')
        await page.evaluate(() => document.fonts.ready)
        const wrong = []
        for (const [name, link] of mine) {
          const file = fileOf(name, theme, width)
          await page.goto(`${base}/embed/flannel-udp/#f=1;${link}`)
          const key = link.split(';')[3]?.split('&')[0] ?? ''
          await page.waitForFunction(
            ([k, s, two]) => {
              const f = document.querySelector('[data-figure]')
              // A camera that has looked; of two worlds the one that is shown.
              const pictures = document.querySelectorAll('svg[data-picture] > g[transform]')
              return (
                f !== null &&
                (k === '' || f.dataset.stepKey === k) &&
                f.querySelector('select')?.selectedOptions[0]?.textContent === s &&
                pictures.length > 0 &&
                (document.querySelector('[data-shown]') !== null) === two
              )
            },
            [key, SHORT[link.split(';')[0]], link.includes('story;')],
          )
          // What scrolls by itself begins at its begin, and nothing has the focus or the hand.
          await page.evaluate(() => {
            document.activeElement?.blur()
            scrollTo(0, 0)
          })
          await page.mouse.move(1, 1)
          const shot = await figure(page).screenshot({
            animations: 'disabled',
            caret: 'hide',
            style: `[class*=dock] { position: static !important; } ${name.endsWith('rest') ? '' : WORDS}`,
          })
          if (UPDATE) {
            writeFileSync(
              join(kept, file),
              small(await page.evaluate(pixels, shot.toString('base64'))),
            )
            continue
          }
          if (!existsSync(join(kept, file))) {
            wrong.push(`${file} is not kept; UPDATE_GOLDENS=1 keeps it`)
            continue
          }
          const d = await page.evaluate(differ, [
            readFileSync(join(kept, file)).toString('base64'),
            shot.toString('base64'),
            CHANNEL,
          ])
          if (d.sizes === null && d.share <= SHARE) continue
          writeFileSync(join(report, file), shot)
          if (d.picture !== '')
            writeFileSync(join(report, `diff-${file}`), Buffer.from(d.picture, 'base64'))
          wrong.push(
            d.sizes === null
              ? `${(d.share * 100).toFixed(2)} % of ${file} differs, see test/report/diff-${file}`
              : `${file} was ${d.sizes}, see test/report/${file}`,
          )
        }
        yes(wrong.length === 0, wrong.join('; '))
      },
      { reducedMotion: 'reduce', viewport: { width: Number(width), height: 900 } },
    )
  }
}

/** Runs in the page: the pixels of a PNG. */
async function pixels(png) {
  const i = new Image()
  i.src = `data:image/png;base64,${png}`
  await i.decode()
  const c = document.createElement('canvas')
  c.width = i.width
  c.height = i.height
  const g = c.getContext('2d')
  g.drawImage(i, 0, 0)
  const { data } = g.getImageData(0, 0, c.width, c.height)
  let s = ''
  for (let k = 0; k < data.length; k += 32_768)
    s += String.fromCharCode(...data.subarray(k, k + 32_768))
  return { width: c.width, height: c.height, data: btoa(s) }
}

/** A PNG a third as large: the colours of the grounds are exact, edges of letters have 16 steps a channel, less than what is let pass; and packed as tight as it goes. */
function small({ width, height, data }) {
  const rgba = Buffer.from(data, 'base64')
  const colours = new Map()
  for (let i = 0; i < rgba.length; i += 4) {
    const c = rgba.readUIntBE(i, 3)
    colours.set(c, (colours.get(c) ?? 0) + 1)
  }
  const exact = new Set(
    [...colours]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, 48)
      .map(([c]) => c),
  )
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0, to = 0; y < height; y += 1) {
    to += 1
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4
      const as = exact.has(rgba.readUIntBE(at, 3)) ? (v) => v : (v) => Math.round(v / 17) * 17
      for (let k = 0; k < 3; k += 1) {
        rows[to] = as(rgba[at + k])
        to += 1
      }
    }
  }
  const chunk = (type, body) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(body.length)
    const named = Buffer.concat([Buffer.from(type), body])
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([head, named, sum])
  }
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  size.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Runs in the page: which share of two pictures differs, and where, in red. */
async function differ([a, b, channel]) {
  const load = async (data) => {
    const i = new Image()
    i.src = `data:image/png;base64,${data}`
    await i.decode()
    const c = document.createElement('canvas')
    c.width = i.width
    c.height = i.height
    const g = c.getContext('2d')
    g.drawImage(i, 0, 0)
    return { c, g, w: i.width, h: i.height }
  }
  const [x, y] = [await load(a), await load(b)]
  if (x.w !== y.w || x.h !== y.h)
    return { sizes: `${x.w}×${x.h}, now ${y.w}×${y.h}`, share: 1, picture: '' }
  const [p, q] = [x, y].map((z) => z.g.getImageData(0, 0, z.w, z.h))
  let n = 0
  for (let i = 0; i < p.data.length; i += 4) {
    if ([0, 1, 2].some((k) => Math.abs(p.data[i + k] - q.data[i + k]) > channel)) {
      n += 1
      q.data.set([255, 0, 0, 255], i)
    }
  }
  y.g.putImageData(q, 0, 0)
  return { sizes: null, share: n / (x.w * x.h), picture: y.c.toDataURL('image/png').split(',')[1] }
}
