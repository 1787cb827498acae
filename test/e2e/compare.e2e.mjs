// Two worlds on one clock.

/** The cases of this file. */
export async function cases({ check, figure, open, same, yes }) {
  const link = '/embed/flannel-udp/#f=1;flannel-udp;frontend-1-to-backend-2;;&f.view=1;story;vpc-cni'
  /** Opens the link, and waits until both pictures are there: a page as built shows one world. */
  const both = async (page) => { await open(page, link); await page.waitForFunction(() => document.querySelectorAll('svg[data-picture]').length === 2) }
  const cell = async (page, name) => page.evaluate((n) => { const row = [...document.querySelectorAll('[role=region] tbody tr')].find((r) => r.querySelector('th')?.textContent === n); return row === undefined ? null : [...row.querySelectorAll('td')].map((d) => d.textContent) }, name)
  const here = (page) => page.evaluate(() => [...document.querySelectorAll('svg[data-picture]')].map((s) => s.querySelector('[data-here=true]')?.getAttribute('data-box')))

  await check('both packets leave together, wait for each other and arrive together; the ledger tells them apart', async (page) => {
    await both(page)
    same(await here(page), ['web-app-frontend-1', 'web-app-frontend-1'], 'where both begin')
    await figure(page).focus()
    const seen = []
    const n = Number(await figure(page).getByRole('slider', { name: 'Step', exact: true }).getAttribute('max'))
    for (let i = 0; i < n; i += 1) { await page.keyboard.press('ArrowRight'); seen.push(await here(page)) }
    same(seen[seen.length - 1], ['backend-service-2', 'backend-service-2'], 'where both end')
    yes(seen.some(([a, b], i) => i > 0 && b === seen[i - 1][1] && a !== seen[i - 1][0]), 'the shorter way never waits')
    const hosts = seen.findIndex(([a]) => a === 'node-1 host')
    same(seen[hosts], ['node-1 host', 'node-1 host'], 'they do not cross together')
    same(await cell(page, 'Wrapping, now and at most'), ['0 B, 28 B', '0 B, 0 B'], 'wrapping')
    same(await cell(page, 'Security groups tell apart'), ['the nodes only', 'the pods'], 'who is seen')
    same(await cell(page, 'Crossings between kernel and program, both ends’ included'), ['6', '2'], 'crossings')
  }, { reducedMotion: 'reduce' })

  await check('two pictures that are asked for stand above the buttons', async (page) => {
    await open(page, '/')
    await figure(page).getByRole('button', { name: /^Compare with/ }).click()
    const at = await page.evaluate(() => [...document.querySelectorAll('svg[data-picture]')].map((e) => e.getBoundingClientRect()).map((r) => [Math.round(r.top), Math.round(r.bottom)]).concat([[0, Math.round(document.querySelector('[class*=dock]').getBoundingClientRect().top)]]))
    yes(at.length === 3 && at.slice(0, 2).every(([top, bottom]) => top >= 0 && bottom <= at[2][1] + 1), JSON.stringify(at))
  })

  await check('the other world can be changed, and the link carries it', async (page) => {
    await both(page)
    await figure(page).getByRole('combobox', { name: 'compared with' }).selectOption('flannel-vxlan')
    await page.waitForFunction(() => location.hash.includes('f.view=1;story;flannel-vxlan'))
    await page.reload()
    await page.getByRole('button', { name: 'End the comparison' }).waitFor()
    same(await figure(page).getByRole('combobox', { name: 'compared with' }).inputValue(), 'flannel-vxlan', 'after a reload')
    await page.getByRole('button', { name: 'End the comparison' }).click()
    same(await page.locator('svg[data-picture]').count(), 1, 'pictures')
    yes(!page.url().includes('.view='), 'the link still compares')
  })

  await check('stepping two worlds moves nothing else', async (page) => {
    await both(page)
    const places = () => page.evaluate(() => [...document.querySelectorAll('svg[data-picture], button[aria-label="Next step"], input[type=range], [role=region] table, summary')].map((e) => { const r = e.getBoundingClientRect(); return [r.x, r.y + scrollY, r.width, r.height].map(Math.round).join(' ') }))
    const before = await places()
    await figure(page).focus()
    for (let i = 1; i <= 30; i += 1) { await page.keyboard.press('ArrowRight'); same(await places(), before, `after ${i} steps`) }
  }, { reducedMotion: 'reduce' })
}
