// The site in a language that nobody speaks, made of English by a function: 40 % longer, and every vowel accented.
// Whatever is still English was written into a component; whatever is cut or sticks out would be so in German.

const PAGES = ['/', '/flannel/', '/sandbox/', '/embed/flannel-udp/', '/404/']
/** The same in every language, and marked nowhere: programs, and networks by the names they gave themselves. */
const NAMES = ['flanneld', 'Docker', 'flannel', 'Wireshark', 'Linux', 'tun', 'vni']
/** Chapters are in the language they are written in; what tools print, and names, are the same in all. */
const EXEMPT = 'code, pre, script, style, noscript, [translate="no"], option[lang], [lang="en"]'

/** In the page: what a reader sees or hears that has a word without an accent. A figure in a chapter is no part of the chapter's text. */
function english([exempt, names]) {
  const mine = (e) => {
    const of = e.closest(exempt)
    if (of === null) return true
    // The lessons' text ends where a figure begins, or what a question says by itself.
    const own = '[data-figure], [data-predict] > :is(p:not([lang]), ol, [role=status])'
    return of.matches('[lang="en"]') && of.contains(e.closest(own))
  }
  const plain = (text) =>
    text
      .split(/[\s()[\]{}“”‘"/|·→←,;:.!?…]+/u)
      .filter((w) => /^[A-Za-z’]{3,}$/.test(w) && /[aeiou]/i.test(w) && w !== w.toUpperCase())
      .filter((w) => !names.includes(w))
  const found = []
  const look = (text, where) => {
    if (plain(text).length > 0) found.push(`${where}: ${text.trim().slice(0, 80)}`)
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let n = texts.nextNode(); n !== null; n = texts.nextNode())
    if (mine(n.parentElement) && n.parentElement.checkVisibility())
      look(n.data, n.parentElement.tagName.toLowerCase())
  for (const name of ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'])
    for (const e of document.querySelectorAll(`[${name}]`))
      // Behind a place stands the code of what happens there.
      if (mine(e)) look(e.getAttribute(name).replace(/: [a-z-]+$/, ''), name)
  return [...new Set(found)]
}

/** In the page: controls whose text is wider than they are, and how wide all is. */
function tight() {
  const cut = [...document.querySelectorAll('button, summary, select, label, h1, h2, h3, dt, th')]
    // What is for ears only is cut on purpose.
    .filter((e) => e.checkVisibility() && e.clientWidth > 1 && e.closest('.hidden') === null)
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
    .map((e) => `${e.tagName.toLowerCase()} ${e.textContent.trim().slice(0, 40)}`)
  return { cut, wide: document.documentElement.scrollWidth }
}

/** The cases of this file. */
export async function cases({ base, check, same, yes }) {
  const open = async (page, path) => {
    await page.goto(`${base}${path}?lang=pseudo`)
    await page.waitForFunction(() => document.documentElement.lang === 'en-x-pseudo')
    await page.waitForFunction(() => {
      const buttons = [...document.querySelectorAll('[data-figure] button')]
      return buttons.every((b) => Object.keys(b).some((k) => k.startsWith('__react')))
    })
    if (path !== '/404/') await page.locator('[data-figure], [data-trip]').first().waitFor()
    await page.waitForLoadState('networkidle')
  }
  /** Has every question answer itself: what is said then is read too. */
  const answered = async (page) => {
    const cards = page.locator('[data-predict]')
    for (let i = 0; i < (await cards.count()); i += 1) {
      const card = cards.nth(i)
      // On a phone the stage may stand over it: here it is read, home.e2e.mjs and chapter.e2e.mjs press it.
      await card.locator(':scope > p button').evaluate((b) => b.click())
      await card.locator('[data-mark="right"]').waitFor()
    }
  }

  for (const path of PAGES)
    for (const [width, height] of [
      [1280, 900],
      [390, 800],
    ])
      await check(`${path}: nothing stays English or is cut at ${width} px`, async (page) => {
        await page.setViewportSize({ width, height })
        await open(page, path)
        const shown = async () => {
          same(await page.evaluate(english, [EXEMPT, NAMES]), [], 'English')
          const { cut, wide } = await page.evaluate(tight)
          same(cut, [], 'cut')
          yes(wide <= width, `the page is ${wide} px wide`)
        }
        // What is behind a fold is read too.
        await page.evaluate(() => {
          for (const d of document.querySelectorAll('details')) d.open = true
        })
        await page.waitForLoadState('networkidle')
        await shown()
        await answered(page)
        await shown()
      })

  await check(
    'a language is chosen in the header where there is a choice, and kept',
    async (page) => {
      await page.goto(`${base}/`)
      yes((await page.locator('header.site select').count()) === 0, 'one language is no choice')
      await open(page, '/')
      const choice = page.locator('header.site select')
      same(await choice.inputValue(), 'pseudo', 'chosen')
      await choice.selectOption('en')
      await page.getByRole('link', { name: 'Skip to the text' }).waitFor({ state: 'attached' })
      same(await page.evaluate(() => document.documentElement.lang), 'en', 'lang')
      yes(page.url().endsWith('?lang=en'), page.url())
    },
  )

  await check(
    'the words of another language are loaded by no page that does not ask',
    async (page) => {
      const sizes = []
      page.on('response', (r) => {
        sizes.push(r.text().catch(() => ''))
      })
      await page.goto(`${base}/flannel/`, { waitUntil: 'networkidle' })
      const all = await Promise.all(sizes)
      yes(all.length > 5, 'nothing was loaded')
      const accents = (text) => /["'`]à["'`]/.test(text)
      yes(!all.some(accents), 'the pseudo-language came along')
    },
  )
}
