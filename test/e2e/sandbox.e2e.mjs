// The sandbox: a row goes, the walk follows, the row comes back; and its links, whole, old and damaged.
import { readFileSync } from 'node:fs'

const link = (...fields) =>
  `/sandbox/#sandbox=${encodeURIComponent(JSON.stringify([1, ...fields]))}`
const WHOLE = ['flannel-vxlan', 2, 2, 1500, 'pod-1-1', 'pod-2-2']
const eth0 = (to) => ({ op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to })
const ROUTE = { op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.2.0/24' } }

/** Links that once lost the whole page, or edits without a word: what must be named, and whether the packet arrives. */
const ONCE = [
  [[...WHOLE, [eth0({ addrs: 5 })]], /One change does not fit/, /delivered/],
  [[...WHOLE, [eth0({ mtu: 10 })]], /One change does not fit/, /delivered/],
  [[...WHOLE, [eth0({ kind: 'nope' }), ROUTE]], /One change does not fit/, /dropped/],
  [
    [...WHOLE, [{ op: 'del', in: 'node-1', table: 'routes', where: {} }]],
    /One change does not fit/,
    /delivered/,
  ],
  [
    [
      ...WHOLE,
      [
        {
          op: 'set',
          in: 'node-1',
          table: 'netfilter',
          where: { chain: 'FORWARD' },
          to: { table: 'zzz' },
        },
      ],
    ],
    /One change does not fit/,
    /delivered/,
  ],
  [[...WHOLE.with(3, 99999), [ROUTE]], /mtu: 99999/, /dropped/],
]

/** The cases of this file. */
export async function cases({ base, check, figure, key, open, same, yes }) {
  for (const [width, height] of [
    [390, 844],
    [768, 1024],
  ])
    await check(
      `at ${width} × ${height} nothing moves when the sandbox comes`,
      async (page) => {
        await page.addInitScript(() => {
          globalThis.shifted = 0
          new PerformanceObserver((l) => {
            for (const e of l.getEntries()) globalThis.shifted += e.value
          }).observe({ type: 'layout-shift', buffered: true })
        })
        await open(page, '/sandbox/')
        await figure(page).waitFor()
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))),
        )
        const shifted = await page.evaluate(() => globalThis.shifted)
        yes(shifted < 0.01, `${shifted}`)
      },
      { viewport: { width, height } },
    )

  const end = (page, what) =>
    page.waitForFunction(
      (w) => new RegExp(w, 'i').test(document.querySelector('[data-ended]')?.title ?? ''),
      what.source,
    )
  const removal = (page) => page.getByRole('button', { name: /^Delete 10\.1\.2\.0\/24 via/ })

  await check('delete a route, watch the drop, undo', async (page) => {
    await open(page, '/sandbox/')
    await end(page, /delivered/)
    await removal(page).click()
    await end(page, /dropped/)
    yes(page.url().includes('sandbox='), 'the link does not carry the edit')
    await page.reload()
    await end(page, /dropped/)
    await page.goto(`${page.url().split('#')[0]}`)
    await end(page, /delivered/)
    await removal(page).click()
    await end(page, /dropped/)
    await page.getByRole('button', { name: 'Undo' }).click()
    await end(page, /delivered/)
    await page.getByRole('button', { name: 'Redo' }).click()
    await end(page, /dropped/)
  })

  for (const [fields, notice, ends] of ONCE) {
    await check(
      `a link that does not fit says what: ${JSON.stringify(fields.slice(3)).slice(0, 90)}`,
      async (page) => {
        await open(page, link(...fields))
        const at = page.url()
        await page
          .locator('[role="alert"], [data-notice]')
          .filter({ hasText: notice })
          .first()
          .waitFor()
        await end(page, ends)
        await page.waitForTimeout(500)
        same(page.url(), at, 'the address')
      },
    )
  }

  await check(
    'a cut link keeps what can be read, and its address until something is changed',
    async (page) => {
      await open(
        page,
        link('flannel-host-gw', 3, 1, 1400, 'pod-1-1', 'pod-3-1', [
          ROUTE,
          { ...ROUTE, in: 'node-2' },
        ]).slice(0, -31),
      )
      const at = page.url()
      await page.locator('[data-notice]').waitFor()
      same(await page.locator('select').first().inputValue(), 'flannel-host-gw', 'the network')
      await page.getByText('ip route del 10.1.2.0/24 # node-1').waitFor()
      await figure(page).focus()
      same(page.url(), at, 'the address')
      await page.getByRole('button', { name: /^Restore/ }).click()
      await page.waitForFunction((u) => location.href !== u, at)
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('ip route del 10.1.2.0/24 # node-1').waitFor()
    },
  )

  await check('the link it copies opens at the flow and the step chosen', async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
    await open(page, '/sandbox/?theme=dark')
    await page.getByLabel('What is sent').selectOption('tcp')
    await removal(page).click()
    await end(page, /dropped/)
    same(await page.getByLabel('What is sent').inputValue(), 'tcp', 'the flow after a change')
    await figure(page).focus()
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight')
    const at = await key(page)
    await page.waitForURL((u) => decodeURIComponent(u.hash).includes(at))
    await page.keyboard.press('l')
    await page.locator('[data-live]', { hasText: 'copied' }).waitFor({ state: 'attached' })
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    yes(/\?theme=dark#sandbox=.*&walk=1;flannel-vxlan;tcp;;/.test(copied), copied)
    await page.goto('about:blank')
    await page.goto(copied)
    await page.locator(`[data-step-key="${at}"]`).waitFor()
    same(
      [
        await page.getByLabel('What is sent').inputValue(),
        await page.locator('[data-notice]').count(),
      ],
      ['tcp', 0],
      'flow, notices',
    )
    await end(page, /dropped/)
  })

  await check(
    'a link pasted into the open sandbox acts, whichever part of it changes; Back and Undo return',
    async (page) => {
      await open(page, '/sandbox/')
      // While Next takes the page over it writes the address that it began with: what is pasted in those milliseconds is gone.
      await end(page, /delivered/)
      await page.evaluate(
        (u) => {
          location.hash = u.split('#')[1]
        },
        link(...WHOLE, [ROUTE]),
      )
      await end(page, /dropped/)
      await page.evaluate(() => {
        location.hash += '&walk=1;flannel-vxlan;tcp;;'
      })
      await page.waitForFunction(
        () => document.querySelector('[data-figure] select').value === 'tcp',
      )
      await page.evaluate(() => {
        location.hash = location.hash
          .replace('flannel-vxlan', 'vpc-cni')
          .replace('walk=1;flannel-vxlan', 'walk=1;vpc-cni')
      })
      await page.locator('[data-left="1"]').waitFor()
      same(
        [
          await page.locator('select').first().inputValue(),
          await page.getByLabel('What is sent').inputValue(),
          await page.locator('[data-figure] [data-notice]').count(),
        ],
        ['vpc-cni', 'tcp', 0],
        'network, flow, notices',
      )
      await page.goBack()
      await end(page, /dropped/)
      await page.goBack()
      await page.waitForFunction(
        () => document.querySelector('[data-figure] select').value === 'ping',
      )
      await page.goBack()
      await end(page, /delivered/)
      same(new URL(page.url()).hash, '', 'the address')
      await page.getByRole('button', { name: 'Undo' }).click()
      await end(page, /dropped/)
    },
  )

  await check(
    'with another network what was changed stays asked for, and what does not fit is told',
    async (page) => {
      await open(page, link(...WHOLE, [ROUTE, eth0({ mtu: 1400 })]))
      await end(page, /dropped/)
      await page.locator('select').first().selectOption('vpc-cni')
      await page
        .locator('[data-left="1"]')
        .filter({ hasText: 'ip route del 10.1.2.0/24' })
        .waitFor()
      yes(await page.getByText('mtu 1400').first().isVisible(), 'the other is gone')
      await page.waitForURL(/vpc-cni/)
      await page.goBack()
      await page.waitForFunction(() => document.querySelector('select').value === 'flannel-vxlan')
      await end(page, /dropped/)
    },
  )

  for (const [width, height] of [
    [1280, 720],
    [1440, 900],
  ])
    await check(
      `at ${width} × ${height} what is changed and the whole figure are in one sight`,
      async (page) => {
        await page.setViewportSize({ width, height })
        await open(page, link(...WHOLE, [ROUTE]))
        await end(page, /dropped/)
        const inside = (of) =>
          of.evaluate((e) => {
            const r = e.getBoundingClientRect()
            return r.top >= 0 && r.left >= 0 && r.right <= innerWidth && r.bottom <= innerHeight
          })
        const parts = {
          picture: page.locator('[data-stage]'),
          figure: figure(page),
          network: page.getByRole('combobox', { name: /^network/ }),
          rows: page.getByRole('button', { name: /^Delete 10\.1\.1\.0/ }),
        }
        for (const [name, of] of Object.entries(parts)) yes(await inside(of), `${name} is cut`)
        const [tools, stage] = await Promise.all(
          [parts.rows, parts.picture].map((of) => of.boundingBox()),
        )
        yes(tools.x + tools.width <= stage.x, 'the row stands over the picture')
      },
    )

  await check('on a phone the picture stands above what is changed', async (page) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open(page, '/sandbox/')
    const [stage, network] = await Promise.all(
      [page.locator('[data-stage]'), page.getByRole('combobox', { name: /^network/ })].map((of) =>
        of.boundingBox(),
      ),
    )
    yes(stage.y + stage.height <= network.y, 'it does not')
  })

  await check(
    'a row is added and changed in a form that says of each field what is wrong, and what the kernel refuses',
    async (page) => {
      await open(page, link(...WHOLE, [ROUTE]))
      await end(page, /dropped/)
      await page.getByRole('button', { name: 'Add a row' }).click()
      const form = page.getByRole('region', { name: 'Tables' }).locator('form')
      const add = form.getByRole('button', { name: 'Add', exact: true })
      await form.getByRole('combobox', { name: /^dst/ }).fill('10.1.2.1/24')
      await add.click()
      await form
        .getByText('10.1.2.1/24 has bits set behind its length; write 10.1.2.0/24')
        .waitFor()
      await form.getByText(/^missing; write main/).waitFor()
      await form.getByRole('combobox', { name: /^table/ }).fill('main')
      await form.getByRole('combobox', { name: /^dst/ }).fill('10.1.2.0/24')
      await form.getByRole('combobox', { name: /^via/ }).fill('10.9.9.9')
      await add.click()
      await form
        .getByText(/Nexthop has invalid gateway: 10\.9\.9\.9 is on no connected prefix/)
        .waitFor()
      await end(page, /dropped/)
      await form.getByRole('combobox', { name: /^via/ }).fill('192.168.0.12')
      await add.click()
      await form.waitFor({ state: 'detached' })
      await page
        .locator('li[data-change="+"]', { hasText: '10.1.2.0/24 via 192.168.0.12' })
        .waitFor()
      await page.getByRole('button', { name: /^Change 10\.1\.2\.0\/24 via/ }).click()
      same(
        await form.getByRole('combobox', { name: /^via/ }).inputValue(),
        '192.168.0.12',
        'what is there',
      )
      await form.getByRole('combobox', { name: /^via/ }).fill('10.1.2.0')
      await form.getByRole('combobox', { name: /^dev/ }).fill('flannel.1')
      await form.getByLabel('onlink').check()
      await form.getByRole('button', { name: 'Change', exact: true }).click()
      await end(page, /delivered/)
      await page.getByRole('button', { name: 'Undo' }).click()
      await end(page, /dropped/)
      // A field that a row may do without is taken away in its form, as one change.
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('button', { name: /^Restore:/ }).click()
      await end(page, /delivered/)
      await page.getByRole('button', { name: /^Change 10\.1\.2\.0\/24 via/ }).click()
      await form.getByRole('combobox', { name: /^via/ }).fill('')
      await form.getByLabel('onlink').uncheck()
      await form.getByRole('button', { name: 'Change', exact: true }).click()
      await end(page, /not delivered|dropped/)
      const row = page.locator('li[data-change="±"]', {
        hasText: /^±10\.1\.2\.0\/24 dev flannel\.1/,
      })
      await row.getByRole('img', { name: 'changed by you' }).waitFor()
      same(await page.locator('li[data-change="-"]').count(), 1, 'the row as it was')
      same(await page.getByRole('button', { name: /^Restore:/ }).count(), 1, 'changes')
    },
  )

  await check(
    'a what-if of its world is asked and taken back, and the network is shown without the changes',
    async (page) => {
      await open(page, '/sandbox/')
      await page.getByText('What if …').click()
      await page
        .locator('label', { hasText: /Delete the route/ })
        .first()
        .click()
      await end(page, /dropped/)
      const plain = page.getByRole('button', { name: 'Without the changes' })
      await plain.click()
      await end(page, /delivered/)
      await page.getByText(/picture shows the network without your changes/).waitFor()
      await plain.click()
      await end(page, /dropped/)
      await page
        .locator('label', { hasText: /Delete the route/ })
        .first()
        .click()
      await end(page, /delivered/)
      same(await plain.isDisabled(), true, 'without changes it is disabled')
    },
  )

  await check('its frame shows the same network and step, and leads on by itself', async (page) => {
    await page.goto(base + link(...WHOLE, [ROUTE]).replace('/sandbox/', '/embed/sandbox/'))
    await figure(page).waitFor()
    await end(page, /dropped/)
    same(await page.getByRole('combobox', { name: /^network/ }).count(), 0, 'what changes it')
    const at = await key(page)
    await figure(page).focus()
    await page.keyboard.press('ArrowRight')
    await page.locator(`[data-figure]:not([data-step-key="${at}"])`).waitFor()
  })

  await check(
    'a packet of one’s own is sent, is in the link, and can be left out',
    async (page) => {
      await open(page, '/sandbox/')
      await page.getByText('A packet of your own').click()
      await page.getByRole('spinbutton', { name: 'TTL' }).fill('1')
      await page.getByRole('spinbutton', { name: 'to port' }).fill('')
      const send = page.getByRole('button', { name: 'Send it' })
      await send.click()
      await page.getByRole('alert').getByText('A port is missing').waitFor()
      await page.getByRole('spinbutton', { name: 'to port' }).fill('8080')
      await send.click()
      await end(page, /dropped|lost|TTL/i)
      await page.waitForURL(/walk=1;flannel-vxlan;packet;/)
      await page.getByText('As a cluster file').click()
      await page
        .getByText(
          /trace flannel-vxlan\.yaml --from pod-1-1 --to pod-2-2:8080 --proto udp --ttl 1$/,
        )
        .first()
        .waitFor()
      await page.reload()
      await end(page, /dropped|lost|TTL/i)
      await page.getByText('A packet of your own').click()
      same(await page.getByRole('spinbutton', { name: 'TTL' }).inputValue(), '1', 'TTL in the form')
      await page.getByRole('button', { name: 'Without it' }).click()
      await end(page, /delivered/)
      same(page.url().includes('packet'), false, 'the link names a packet')
    },
  )

  await check('the cluster file has the changes, and is saved', async (page) => {
    await open(page, link(...WHOLE, [ROUTE]))
    await page.getByText('As a cluster file').click()
    const [d] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the file' }).click(),
    ])
    const text = readFileSync(await d.path(), 'utf8')
    yes(
      /^edits:\n {2}- \{ op: del, in: node-1, table: routes, where: \{ dst: 10\.1\.2\.0\/24 \} \}$/m.test(
        text,
      ),
      text,
    )
    same(
      [d.suggestedFilename(), text],
      [
        'flannel-vxlan.yaml',
        await page.locator('details pre', { hasText: 'packet-walk' }).last().textContent(),
      ],
      'name and text',
    )
  })
}
