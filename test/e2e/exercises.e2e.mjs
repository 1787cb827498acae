// The exercises of the chapters by keyboard alone: each kind answered, wrong and right; axe with answers open; and paper, which says none while a question is open.

/** How far Tab is pressed before something is called out of its reach. */
const FAR = 400

/** Goes on with Tab, from where the focus is, until it is on what fits. */
async function tabTo(page, selector) {
  for (let i = 0; i < FAR; i += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate((s) => document.activeElement?.matches(s) === true, selector)) return
  }
  throw new Error(`Tab does not come to ${selector}`)
}

/** The focus stands on the heading of a scene, as after its link in the table of contents. */
async function readScene(page, id) {
  await page.evaluate((scene) => {
    const heading = document.getElementById(scene)?.querySelector('h2')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus()
  }, id)
  await page.waitForTimeout(300)
}

/** Opens a chapter with nothing kept. */
const fresh = async ({ page, open, path }) => {
  await open(page, path)
  await page.evaluate(() => localStorage.clear())
  await open(page, path)
}

/** The cases of this file. */
export async function cases({ chapters, check, open, same, violations, yes }) {
  const still = { reducedMotion: 'reduce' }
  const answered = (card) => card.locator('[data-mark="right"]').waitFor()

  await check(
    'Predict: a number answers, wrong and then, on another visit, right; Escape shows it',
    async (page) => {
      const path = '/docker/'
      const card = page.locator('[data-predict="docker-whose"]')
      for (const key of ['1', '2', 'Escape']) {
        await fresh({ page, open, path })
        await readScene(page, 'twice')
        await tabTo(page, '[data-predict="docker-whose"] ol button')
        await page.keyboard.press(key)
        await answered(card)
        const guessed = card.locator('[aria-pressed="true"]')
        same(await guessed.count(), key === 'Escape' ? 0 : 1, `guesses after ${key}`)
      }
      // One of the two was right, one wrong.
      const marks = []
      for (const key of ['1', '2']) {
        await fresh({ page, open, path })
        await readScene(page, 'twice')
        await tabTo(page, '[data-predict="docker-whose"] ol button')
        await page.keyboard.press(key)
        await answered(card)
        marks.push(await card.locator('[aria-pressed="true"]').getAttribute('data-mark'))
        if (marks.at(-1) === 'wrong') {
          await tabTo(page, '[data-predict="docker-whose"] [data-elsewhere]')
          await page.keyboard.press('Enter')
          await page.getByText('As if it were so').first().waitFor()
        }
      }
      same(new Set(marks).size, 2, 'marks that are told apart')
    },
    still,
  )

  await check(
    'Be: a row is given by its number, and the packet goes on with it',
    async (page) => {
      await fresh({ page, open, path: '/unseen/' })
      await readScene(page, 'group')
      await tabTo(page, '[data-predict="be-group"] ol button')
      await page.keyboard.press('2')
      const card = page.locator('[data-predict="be-group"]')
      await answered(card)
      same(await card.locator('[aria-pressed="true"]').count(), 1, 'guesses')
    },
    still,
  )

  await check(
    'Recall: answered and seen on the stage',
    async (page) => {
      await fresh({ page, open, path: '/layers/' })
      await readScene(page, 'recall')
      await tabTo(page, '[data-recall] ol button')
      await page.keyboard.press('Escape')
      await answered(page.locator('[data-recall]').first())
      await tabTo(page, '[data-recall] button:not([aria-disabled="true"])')
      await page.keyboard.press('Enter')
      await page.getByText('From an earlier chapter, on other addresses.').first().waitFor()
    },
    still,
  )

  await check(
    'Steps: the blank form is filled to its end by numbers',
    async (page) => {
      await fresh({ page, open, path: '/flannel/' })
      await readScene(page, 'now-you')
      await tabTo(page, '[data-steps] [data-begin="blank"]')
      await page.keyboard.press('Enter')
      const steps = page.locator('[data-steps]')
      await steps.locator('[data-leg="0"]').waitFor()
      for (let leg = 0; (await steps.locator('[data-leg]').count()) > 0; leg += 1) {
        await steps.locator(`[data-leg="${leg}"] button:focus`).waitFor()
        await page.keyboard.press(leg % 2 === 0 ? '1' : '2')
        await page.waitForFunction(
          (n) => document.querySelector(`[data-steps] [data-leg="${n}"]`) === null,
          leg,
        )
        yes(leg < 60, 'no end')
      }
      const marks = await steps
        .locator('li[data-mark]')
        .evaluateAll((all) => [...new Set(all.map((x) => x.getAttribute('data-mark')))])
      yes(marks.length > 0, 'nothing was marked')
    },
    still,
  )

  await check(
    'host-local, DEL, and the lamps of the promises',
    async (page) => {
      await fresh({ page, open, path: '/kubernetes/' })
      await readScene(page, 'address')
      await tabTo(page, '[data-lease="false"] button')
      await page.keyboard.press('1')
      await page.locator('[data-lease="true"]').waitFor()
      await readScene(page, 'del')
      await tabTo(page, '[data-survives] input')
      await page.keyboard.press(' ')
      await tabTo(page, '[data-survives] > button')
      await page.keyboard.press('Enter')
      await page.locator('[data-survives="true"]').waitFor()
      await readScene(page, 'lamps')
      await page.locator('#lamps [data-goals][data-live="true"]').waitFor()
      await tabTo(page, '#lamps [data-goal] button')
      await page.keyboard.press('Enter')
      await page.getByText('A walk that shows it').first().waitFor()
    },
    still,
  )

  await check(
    'a conflist: a pod that cannot start, one that does, and all goals lit',
    async (page) => {
      await fresh({ page, open, path: '/kubernetes/' })
      await readScene(page, 'conflist')
      const bench = page.locator('[data-bench="conflist"]')
      await bench.locator('textarea').waitFor()
      const press = async (name) => {
        await readScene(page, 'conflist')
        for (let i = 0; i < 20; i += 1) {
          await page.keyboard.press('Tab')
          if ((await page.evaluate(() => document.activeElement?.textContent)) === name) break
        }
        await page.keyboard.press('Enter')
      }
      await press('Start the pods')
      await bench.getByText('The list is empty').waitFor()
      await press('isDefaultGateway')
      await press('Start the pods')
      await bench.locator('[data-goal="port"][data-lit="broken"]').waitFor()
      await press('portMappings')
      await press('Start the pods')
      await bench.locator('li[data-lit="holds"]').nth(4).waitFor()
      same(await bench.locator('[data-lit="broken"]').count(), 0, 'goals that are broken')
      const without = (what) => bench.locator(`[data-without="${what}"]`)
      await tabTo(page, '[data-without="portmap"] button')
      await page.keyboard.press('1')
      await without('portmap').locator('[data-good="false"]').waitFor()
      await tabTo(page, '[data-without="portmap"] > button')
      await page.keyboard.press('Enter')
      await tabTo(page, '[data-without="isDefaultGateway"] button')
      await page.keyboard.press('4')
      await without('isDefaultGateway').locator('[data-good="true"]').waitFor()
      same(await violations(page), [], 'axe')
    },
    still,
  )

  await check(
    'a night: guessed wrong, passed, and an hour of it seen on the stage',
    async (page) => {
      await fresh({ page, open, path: '/unseen/' })
      await readScene(page, 'hours')
      const bench = page.locator('[data-bench="night"]')
      await bench.locator('select').first().waitFor()
      await tabTo(page, '[data-bench="night"] select')
      await page.keyboard.press('ArrowDown')
      for (const keys of [1, 2]) {
        await tabTo(page, '[data-bench="night"] select')
        for (let i = 0; i < keys; i += 1) await page.keyboard.press('ArrowDown')
      }
      await tabTo(page, '[data-bench="night"] button')
      await page.keyboard.press('Enter')
      await bench.locator('[data-passed="true"]').waitFor()
      await bench.getByText('1 of 3 right.').waitFor()
      await tabTo(page, '[data-bench="night"] td button')
      await page.keyboard.press('Enter')
      await page.getByText('By udp, at 03:00').waitFor()
      same(await violations(page), [], 'axe')
    },
    still,
  )

  await check(
    'twins: two talks that differ, and two that do not',
    async (page) => {
      await fresh({ page, open, path: '/unseen/' })
      await readScene(page, 'twins')
      const bench = page.locator('[data-bench="twins"]')
      await bench.locator('select').nth(1).locator('option').nth(3).waitFor({ state: 'attached' })
      await tabTo(page, '[data-bench="twins"] select')
      await tabTo(page, '[data-bench="twins"] select')
      const down = async (times) => {
        for (let n = 0; n < times; n += 1) await page.keyboard.press('ArrowDown')
      }
      // frontend-1 to backend-2; and first a talk within node-1, then backend-1 to backend-2.
      await down(5)
      await tabTo(page, '[data-bench="twins"] select')
      await down(1)
      await bench.getByText('no record').first().waitFor()
      await down(2)
      await bench.getByText('But both are of the same pod').waitFor()
      await down(8)
      await bench.locator('[data-found="true"]').waitFor()
      same(await violations(page), [], 'axe')
    },
    still,
  )

  await check(
    'piles: twelve statements put down by number, with what stands behind each',
    async (page) => {
      await fresh({ page, open, path: '/layers/' })
      await readScene(page, 'known')
      const bench = page.locator('[data-bench="piles"]')
      await bench.locator('[data-pile]').first().waitFor()
      await tabTo(page, '[data-bench="piles"] [data-pile]')
      for (let n = 1; n <= 12; n += 1) {
        await page.keyboard.press(String((n % 3) + 1))
        await bench.locator(`[data-piled="${n}"]`).waitFor()
        yes((await bench.locator('[data-good]').count()) === 1, `statement ${n} says nothing`)
        await tabTo(page, '[data-bench="piles"] button:not([data-pile])')
        await page.keyboard.press('Enter')
      }
      await bench.getByText(/of 12 on their pile/).waitFor()
      same(await violations(page), [], 'axe')
    },
    still,
  )

  await check(
    'a register: a number that is taken bounces, and the week is kept to its end',
    async (page) => {
      await fresh({ page, open, path: '/docker/' })
      await readScene(page, 'keeper')
      const bench = page.locator('[data-bench="register"]')
      await bench.getByRole('button').waitFor()
      const write = async () => {
        await readScene(page, 'keeper')
        await tabTo(page, '[data-bench="register"] button')
        await page.keyboard.press('Enter')
      }
      await write()
      await bench.locator('[data-event="1"]').waitFor()
      await write()
      await bench.getByText('The container does not start.').waitFor()
      for (let n = 1; n < 8; n += 1) {
        for (let tries = 0; (await bench.locator(`[data-event="${n}"]`).count()) > 0; tries += 1) {
          yes(tries < 12, `event ${n + 1} takes no line`)
          await readScene(page, 'keeper')
          if ((await bench.locator('select').count()) > 0) {
            await tabTo(page, '[data-bench="register"] select')
            if (tries === 5) await page.keyboard.press('ArrowDown')
            await tabTo(page, '[data-bench="register"] select')
            await page.keyboard.press(tries === 0 || tries === 5 ? 'Home' : 'ArrowDown')
          }
          await tabTo(page, '[data-bench="register"] button')
          await page.keyboard.press('Enter')
          await page.waitForTimeout(150)
        }
      }
      await bench.getByText('A quiet week').waitFor()
      same(await violations(page), [], 'axe')
    },
    still,
  )

  for (const path of chapters)
    await check(
      `${path}: no axe violations with every answer open`,
      async (page) => {
        await fresh({ page, open, path })
        const all = await page
          .locator('[data-predict]')
          .evaluateAll((cards) => cards.map((c) => c.getAttribute('data-predict')))
        for (const id of all) {
          const card = page.locator(`[data-predict="${id}"]`).first()
          await card.locator('ol button').first().focus()
          await page.keyboard.press('1')
          await answered(card)
        }
        await page.waitForTimeout(500)
        same(await violations(page), [], 'axe')
      },
      still,
    )

  for (const path of chapters)
    await check(
      `${path}: on paper no question that is open is answered`,
      async (page) => {
        await fresh({ page, open, path })
        await page.emulateMedia({ media: 'print' })
        await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
        await page.waitForTimeout(500)
        const cards = page.locator('[data-predict]')
        yes((await cards.count()) > 0, 'no question')
        same(await cards.locator('[data-mark]').count(), 0, 'options that are marked')
        // What is behind an answer: its page says it, and the paper does not.
        const said = await page.evaluate(() => document.body.innerText)
        const links = await cards
          .locator('noscript')
          .evaluateAll((all) => all.map((n) => /href="([^"]+)"/.exec(n.textContent)?.[1]))
        for (const link of links.filter((l) => l !== undefined)) {
          const answer = await (await page.request.get(new URL(link, page.url()).href)).text()
          const behind = /data-explains[^>]*>([\s\S]*?)<\/p>/.exec(answer)?.[1]
          const text = behind?.replaceAll(/<[^>]+>/g, '').slice(0, 60)
          if (text === undefined || text.length < 40) continue
          yes(!said.includes(text), `the paper has the answer of ${link}: ${text}`)
        }
      },
      still,
    )
}
