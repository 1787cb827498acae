// The sandbox: a row goes, the walk follows, the row comes back.

/** The cases of this file. */
export async function cases({ check, figure, open, yes }) {
  await check('delete a route, watch the drop, undo', async (page) => {
    await open(page, '/sandbox/')
    yes((await figure(page).textContent()).includes('delivered'), 'not delivered at first')
    await page.getByRole('button', { name: /^Delete 10\.1\.2\.0\/24 via/ }).click()
    await page.getByText(/dropped:/).first().waitFor()
    yes(page.url().includes('sandbox='), 'the link does not carry the edit')
    await page.reload()
    await page.getByText(/dropped:/).first().waitFor()
    await page.goto(`${page.url().split('#')[0]}`)
    await page.locator('[data-figure]').getByText(/^delivered/).waitFor()
    await page.getByRole('button', { name: /^Delete 10\.1\.2\.0\/24 via/ }).click()
    await page.getByText(/dropped:/).first().waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('[data-figure]').getByText(/^delivered/).waitFor()
  })
}
