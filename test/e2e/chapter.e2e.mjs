// Chapters: the text in cards, and the stage that stays in the window beside or above them.

const SIZES = [
  [1280, 720],
  [1440, 900],
  [390, 844],
  [360, 640],
]
/** A card is no higher than this part of a window of 900 px, a chapter no longer than so many px at 1440. */
const [HIGHEST, LONGEST] = [0.8 * 900, 14_000]

const scenesOf = (page) =>
  page.locator('[data-scene]').evaluateAll((all) => all.map((e) => e.dataset.scene))
/** What the stage shows. */
const state = (page) =>
  page.evaluate(() => {
    const f = document.querySelector('[data-figure]')
    return [f.dataset.shows, f.dataset.stepKey, f.getAttribute('aria-label')].join(' | ')
  })
/** Reads a scene: its card is brought past the line, and the stage shows it. */
async function read(page, id) {
  await page.evaluate((x) => {
    document.getElementById(x).scrollIntoView({ block: 'start', behavior: 'instant' })
  }, id)
  await shows(page, id)
}
const shows = (page, id) =>
  page.waitForFunction(
    (x) =>
      document.querySelector('[data-active]')?.id === x &&
      document.querySelector('[data-figure]').dataset.shows === x,
    id,
  )
const next = (page) => page.locator('[data-figure] button[aria-label="Next step"]:visible').first()
const heap = async (cdp) => {
  for (let i = 0; i < 3; i += 1) await cdp.send('HeapProfiler.collectGarbage')
  return (await cdp.send('Runtime.getHeapUsage')).usedSize
}

/** The cases of this file. */
export async function cases({ base, chapters, check, key, open, same, yes }) {
  for (const path of chapters) {
    for (const [width, height] of SIZES)
      await check(
        `${path} at ${width} × ${height}: while any card is read its stage is fully in sight, with packet, sentence and Next`,
        async (page) => {
          await open(page, path)
          const seen = async () =>
            page.evaluate(() => {
              const head = document.querySelector('header.site').getBoundingClientRect().bottom
              const inside = (e, from) => {
                const r = e?.getBoundingClientRect()
                if (r === undefined || r.width === 0) return 'is not shown'
                return r.top >= from - 1 &&
                  r.left >= -1 &&
                  r.bottom <= innerHeight + 1 &&
                  r.right <= innerWidth + 1
                  ? null
                  : `lies at ${[r.left, r.top, r.right, r.bottom].map(Math.round).join(' ')}`
              }
              const shown = [
                ...document.querySelectorAll('[data-figure] button[aria-label="Next step"]'),
              ].find((e) => e.getBoundingClientRect().width > 0)
              const parts = {
                stage: inside(document.querySelector('[data-stage-place]'), head),
                packet: inside(document.querySelector('[data-picture] [data-here="true"]'), head),
                sentence: inside(document.querySelector('[data-live]'), head),
                next: inside(shown, head),
              }
              return Object.entries(parts)
                .filter(([, x]) => x !== null)
                .map(([name, x]) => `${name} ${x}`)
            })
          const wrong = (await seen()).map((x) => `first screen: ${x}`)
          for (const id of await scenesOf(page)) {
            await read(page, id)
            wrong.push(...(await seen()).map((x) => `${id}: ${x}`))
          }
          same(wrong, [], 'out of sight')
        },
        { viewport: { width, height }, reducedMotion: 'reduce' },
      )

    await check(
      `${path} on a phone: Next behind its last scene leads to what there is to take along`,
      async (page) => {
        await open(page, path)
        await read(page, (await scenesOf(page)).at(-1))
        // All of it, or from its beginning.
        const seen = () =>
          page.evaluate(() => {
            const edge = (of) => document.querySelector(of).getBoundingClientRect()
            const from = edge('[data-stage-place]').bottom
            const to = edge('[data-figure] > :last-child').top
            const { top, bottom } = edge('[data-recap]')
            return top >= from && (bottom <= to || top < from + 40)
          })
        for (let i = 0; i < 60 && !(await seen()); i += 1) {
          await next(page).click()
          await page.waitForTimeout(30)
        }
        yes(await seen(), 'it is not in sight')
      },
      { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' },
    )

    await check(
      `${path} is no longer than ${LONGEST} px at 1440, has at most 24 scenes, and no card is higher than ${HIGHEST} px`,
      async (page) => {
        await open(page, path)
        const { long, cards } = await page.evaluate(() => ({
          long: document.documentElement.scrollHeight,
          cards: [...document.querySelectorAll('[data-scene]')].map((e) => [
            e.id,
            Math.round(e.getBoundingClientRect().height),
          ]),
        }))
        yes(cards.length > 0 && cards.length <= 24, `${cards.length} scenes`)
        same(
          cards.filter(([, high]) => high > HIGHEST),
          [],
          'too high',
        )
        yes(long <= LONGEST, `${long} px`)
      },
      { viewport: { width: 1440, height: 900 } },
    )

    await check(
      `${path}: scrolled down and up again every scene is as it was, in one figure`,
      async (page) => {
        await open(page, path)
        const scenes = await scenesOf(page)
        await page.evaluate(() => {
          document.querySelector('[data-figure]').dataset.mine = 'yes'
        })
        const down = []
        for (const id of scenes) {
          await read(page, id)
          down.push(await state(page))
        }
        const up = []
        for (const id of scenes.toReversed()) {
          await read(page, id)
          up.unshift(await state(page))
        }
        same(up, down, 'on the way up')
        yes(new Set(down).size > scenes.length / 2, 'the scenes show the same')
        same(await page.locator('[data-figure]').count(), 1, 'figures')
        same(
          await page.locator('[data-figure]').getAttribute('data-mine'),
          'yes',
          'the figure is another',
        )
      },
      { reducedMotion: 'reduce' },
    )

    await check(
      `${path} without scripts: each scene has its picture beside its text, and a question its answer behind a press`,
      async (page) => {
        await page.goto(base + path)
        const scenes = await scenesOf(page)
        const stills = await page
          .locator('[data-scene] > .kept > [data-still] img')
          .evaluateAll((all) => all.map((e) => e.closest('[data-scene]').id))
        same(stills, scenes, 'pictures of the scenes')
        for (const img of await page.locator('[data-scene] > .kept > [data-still] img').all()) {
          await img.scrollIntoViewIfNeeded()
          yes(await img.isVisible(), 'a picture is not shown')
          const url = new URL(await img.getAttribute('src'), base).href
          const answer = await page.request.get(url)
          yes(answer.ok() && (await answer.text()).startsWith('<svg'), `no picture at ${url}`)
        }
        // A question of an earlier chapter is drawn on the device, and has no picture.
        const asks = await page.locator(':not([data-recall]) > [data-predict]').count()
        same(
          await page.locator('[data-scene] > .kept > details [data-still]').count(),
          asks,
          'answers',
        )
        same(
          await page.locator('[data-scene] > .kept > details[open] [data-still]').count(),
          0,
          'answers that are open',
        )
        for (const link of await page.locator('[data-predict] a').all()) {
          const there = await page.request.get(new URL(await link.getAttribute('href'), base).href)
          yes(there.ok(), `no answer at ${await link.getAttribute('href')}`)
        }
      },
      { javaScriptEnabled: false },
    )

    await check(
      `${path} printed without having been scrolled: a picture for each scene`,
      async (page) => {
        const drawn = new Set()
        page.on('response', (r) => {
          const name = /\/stills\/(.+)\.svg$/.exec(new URL(r.url()).pathname)?.[1]
          if (name !== undefined && r.ok()) drawn.add(name)
        })
        await open(page, path)
        same([...drawn], [], 'fetched before anybody prints')
        const pdf = await page.pdf()
        const missing = await page
          .locator('[data-scene] > .kept > [data-still]')
          .evaluateAll(
            (all, got) => all.map((e) => e.dataset.still).filter((x) => !got.includes(x)),
            [...drawn],
          )
        same(missing, [], 'scenes without a picture')
        yes(pdf.length > 50_000, 'nothing was printed')
      },
    )
  }

  await check(
    'Next goes on to the next card behind the last stop of a scene, and back before its first',
    async (page) => {
      await open(page, '/flannel/')
      const scenes = await scenesOf(page)
      const active = () => page.evaluate(() => document.querySelector('[data-active]').id)
      for (const id of scenes.slice(1, 5)) {
        for (let i = 0; i < 30 && (await active()) !== id; i += 1) {
          await next(page).click()
          await page.waitForTimeout(50)
        }
        await shows(page, id)
      }
      const begins = await state(page)
      await page.keyboard.press('ArrowLeft')
      await shows(page, scenes[3])
      await page.locator('[data-figure]').focus()
      await page.keyboard.press('ArrowRight')
      await shows(page, scenes[4])
      same(await state(page), begins, 'there and back')
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'another flow detaches the stage: scenes do not pull until the text is followed again',
    async (page) => {
      await open(page, '/flannel/')
      const [first, second, third] = await scenesOf(page)
      await read(page, first)
      const flow = page.locator('[data-figure] select').nth(1)
      await flow.selectOption('ping')
      const follow = page.getByRole('button', { name: 'Follow the text' })
      await follow.waitFor()
      const there = await state(page)
      await page.evaluate(
        (id) => document.getElementById(id).scrollIntoView({ behavior: 'instant' }),
        second,
      )
      await page.waitForFunction((id) => document.querySelector('[data-active]').id === id, second)
      await page.waitForTimeout(200)
      same(await state(page), there, 'a scene pulled')
      await follow.click()
      await shows(page, second)
      same(await follow.count(), 0, 'the chip')
      await flow.selectOption('ping')
      await page.locator('[data-figure]').focus()
      await page.keyboard.press('t')
      same(await follow.count(), 0, 'the chip after its key')
      await read(page, third)
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'a phrase is looked at with the focus, left again, and gone to when pressed; the page does not move',
    async (page) => {
      await open(page, '/flannel/')
      const at = page.locator('[data-scene] [data-at]').nth(1)
      const scene = await at.evaluate((e) => e.closest('[data-scene]').id)
      await read(page, scene)
      await at.scrollIntoViewIfNeeded()
      await shows(page, scene)
      const [before, wanted] = [await key(page), await at.getAttribute('data-at')]
      const y = await page.evaluate(() => scrollY)
      await at.hover()
      await page.waitForFunction(
        (k) => document.querySelector('[data-figure]').dataset.stepKey === k,
        wanted,
      )
      await page.mouse.move(1, 1)
      await page.waitForFunction(
        (k) => document.querySelector('[data-figure]').dataset.stepKey === k,
        before,
      )
      await at.click()
      await page.mouse.move(1, 1)
      await page.waitForTimeout(200)
      same(await key(page), wanted, 'pressed')
      same(await page.evaluate(() => scrollY), y, 'the page')
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'the address follows the text when it rests, without a word in the history; each scene is said once',
    async (page) => {
      await open(page, '/flannel/')
      const [first, second, third] = await scenesOf(page)
      // Where one begins is no news: it is not said.
      await page.waitForURL(`**/#${first}`)
      const before = await page.evaluate(() => history.length)
      await read(page, second)
      await page.waitForURL(`**/#${second}`)
      await page.waitForFunction(() =>
        document.querySelector('[data-scene-said]').textContent.startsWith('Scene 2 of'),
      )
      same(await page.locator('[data-live]').first().getAttribute('aria-live'), 'off', 'said twice')
      await read(page, third)
      await page.waitForURL(`**/#${third}`)
      same(await page.evaluate(() => history.length), before, 'history')
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'the table of contents shows where one is, by keyboard: opened, left by Escape, gone by Enter',
    async (page) => {
      await open(page, '/flannel/')
      const scenes = await scenesOf(page)
      await read(page, scenes[2])
      const summary = page.locator('header summary', { hasText: 'Contents' })
      await summary.focus()
      await page.keyboard.press('Enter')
      const links = page.locator('header nav li a')
      same(await links.count(), scenes.length, 'links')
      same(
        await page.locator('header nav a[aria-current]').getAttribute('href'),
        `#${scenes[2]}`,
        'where one is',
      )
      await page.keyboard.press('Tab')
      await page.keyboard.press('Escape')
      yes(
        await summary.evaluate((e) => document.activeElement === e && !e.parentElement.open),
        'Escape',
      )
      await page.keyboard.press('Enter')
      await links.nth(5).focus()
      await page.keyboard.press('Enter')
      await shows(page, scenes[5])
      same(
        await page.locator('[data-scene] > :is(h2, h3) > a[href^="#"]').count(),
        await page.locator('[data-scene] > :is(h2, h3)').count(),
        'headings without an address',
      )
      yes((await page.locator('[data-scene] > h2 > a').count()) >= scenes.length, 'no headings')
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'a link to a scene that went to another chapter leads there',
    async (page) => {
      for (const [old, now] of [
        ['/flannel/#arp', '/one-packet/#arp'],
        ['/flannel/#count-the-layers', '/layers/#count'],
        ['/flannel/#what-aws-sees', '/unseen/#line'],
      ]) {
        await page.goto(base + old)
        await page.waitForURL(base + now)
        await shows(page, now.split('#')[1])
      }
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'links of every form open stage and scene: a scene, a heading, figures that there are no more',
    async (page) => {
      for (const [hash, scene, step] of [
        ['#ttl', 'ttl', 'node-1/docker0 ttl'],
        ['#what-the-vpc-sees', 'gates', null],
        [
          '#f2=1;flannel-vxlan;frontend-1-to-backend-2;;node-1/flannel.1%20tunnel',
          'three-rows',
          'node-1/flannel.1 tunnel',
        ],
        [
          '#f1=1;flannel-udp;frontend-1-to-backend-2;;node-1/docker0%20forward',
          'ttl',
          'node-1/docker0 forward',
        ],
      ]) {
        await page.goto('about:blank')
        await open(page, `/flannel/${hash}`)
        await shows(page, scene)
        if (step !== null) same(await key(page), step, hash)
        yes((await page.locator('[data-follow]').count()) === 0, `${hash} is detached`)
      }
    },
    { reducedMotion: 'reduce' },
  )

  for (const [width, height] of [
    [390, 844],
    [1280, 720],
  ])
    await check(
      `at ${width} × ${height} what is said once a question is answered comes into sight, its scene stays read, and the address is the scene's`,
      async (page) => {
        await open(page, '/flannel/')
        await read(page, 'entry')
        const card = page.locator('[data-predict="delete-fdb"]')
        await card.getByRole('button').first().click()
        const said = card.getByRole('status').locator('p').first()
        await said.waitFor()
        await page.waitForFunction(
          () => document.querySelector('[data-live]').dataset.ends === 'true',
        )
        const at = await said.evaluate((e) => {
          const { top, bottom } = e.getBoundingClientRect()
          const below = document.querySelector('[data-figure] > :last-child')
          const fixed = getComputedStyle(below).position === 'fixed'
          const stage = document.querySelector('[data-stage-place]').getBoundingClientRect()
          return [
            top - (innerWidth < 1100 ? stage.bottom : stage.top),
            (fixed ? below.getBoundingClientRect().top : innerHeight) - bottom,
          ]
        })
        yes(
          at.every((room) => room >= 0),
          `it lies ${at.join(' and ')} px inside what is seen`,
        )
        await shows(page, 'entry')
        await page.waitForTimeout(500)
        same(new URL(page.url()).hash, '#entry', 'the address')
      },
      { viewport: { width, height }, reducedMotion: 'reduce' },
    )

  await check(
    'the keys of a question answer it while its scene is read, from wherever the focus is but a field',
    async (page) => {
      await open(page, '/flannel/')
      const openIn = (id) => page.locator(`#${id} [data-predict]`).getAttribute('data-open')
      await read(page, 'entry')
      await page.keyboard.press('9')
      same(await openIn('entry'), 'true', 'after a key of no option')
      await page.locator('[data-figure] select').first().focus()
      await page.keyboard.press('2')
      same(await openIn('entry'), 'true', 'after a key in a field')
      await page.locator('[data-figure] select').first().blur()
      await page.keyboard.press('2')
      same(await openIn('entry'), 'false', 'after its key')
      yes(
        (await page.locator('#entry [aria-pressed=true] span').textContent()) ===
          (await page.locator('#entry [data-predict] li:nth-child(2) span').textContent()),
        'another option',
      )
      // Of the stage a question that is open comes first; and no other scene's.
      await read(page, 'other-entry')
      await page.locator('[data-figure]').focus()
      await page.keyboard.press('1')
      same([await openIn('other-entry'), await openIn('mtu')], ['false', 'true'], 'from the stage')
    },
    { reducedMotion: 'reduce' },
  )

  await check(
    'a stage that cannot be shown says so and offers to start over; the text beside it is read',
    async (page) => {
      // Nothing known makes a figure fail: its browser lacks something.
      await page.addInitScript(() => {
        globalThis.kept = globalThis.ResizeObserver
        delete globalThis.ResizeObserver
      })
      await page.goto(`${base}/flannel/#ttl`)
      const alert = page.getByRole('alert').filter({ hasText: 'could not be shown' })
      await alert.waitFor()
      yes(await page.getByRole('heading', { name: 'What every router asks' }).isVisible(), 'text')
      const [a, text] = [
        await alert.boundingBox(),
        await page.locator('#ttl').evaluate((e) => e.getBoundingClientRect().right),
      ]
      yes(a.x >= text && a.width > 300, `it lies on the text: ${JSON.stringify(a)}, ${text}`)
      await page.evaluate(() => {
        globalThis.ResizeObserver = globalThis.kept
      })
      await alert.getByRole('button', { name: 'Start over' }).click()
      await shows(page, await page.evaluate(() => document.querySelector('[data-active]').id))
      await next(page).click()
    },
    { noise: /ResizeObserver|error occurred|recreate/, reducedMotion: 'reduce' },
  )

  await check(
    'heap after 200 steps and 50 scenes has grown by less than 2 MB',
    async (page) => {
      await open(page, '/flannel/')
      const scenes = await scenesOf(page)
      for (const id of scenes) await read(page, id)
      const cdp = await page.context().newCDPSession(page)
      const rounds = async (turns, steps) => {
        for (let i = 0; i < turns; i += 1) {
          const n = i % (2 * scenes.length)
          await read(page, scenes[n < scenes.length ? n : 2 * scenes.length - 1 - n])
        }
        await page.locator('[data-figure]').focus()
        for (let i = 0; i < steps; i += 1)
          await page.keyboard.press(i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft')
      }
      await rounds(10, 40)
      const before = await heap(cdp)
      await rounds(50, 200)
      const grown = (await heap(cdp)) - before
      yes(grown < 2_000_000, `${grown} bytes`)
    },
    { reducedMotion: 'reduce' },
  )

  for (const [name, options] of [
    ['320 px', { viewport: { width: 320, height: 640 } }],
    ['1280 × 720 at 200 %', { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 }],
  ])
    await check(
      `${name}: nothing sideways, it steps, and the text is read`,
      async (page) => {
        await open(page, '/flannel/')
        const scenes = await scenesOf(page)
        const wide = () => page.evaluate(() => document.documentElement.scrollWidth)
        yes((await wide()) <= options.viewport.width, `${await wide()} px wide`)
        await read(page, scenes[3])
        yes((await wide()) <= options.viewport.width, `${await wide()} px wide in a scene`)
        const before = await state(page)
        await next(page).click()
        await page.waitForFunction(
          (was) => document.querySelector('[data-figure]').dataset.stepKey !== was,
          before.split(' | ')[1],
        )
      },
      { ...options, reducedMotion: 'reduce' },
    )
}
