import { describe, expect, it } from 'vitest'

const { sectionsOf } = (await import('../../scripts/search.mjs' as string)) as {
  readonly sectionsOf: (
    html: string,
    behind?: (id: string) => string,
  ) => readonly (readonly [string, string, string, string?])[] | null
}
const page = (main: string): string =>
  `<html><body><header><nav>Site</nav></header><main id="main">${main}</main><footer>End</footer></body></html>`

describe('the index of the search', () => {
  it('has a scene under its own name, its heading without the permalink, its number left out', () => {
    const html = page(
      '<article><h1 id="t">Title</h1><p>Begin&amp;go.</p><section id="arp" data-scene="arp"><p>2 of 9</p><h2 id="who">Who?<a href="#who">#</a></h2><p>One<b>two</b>.</p><p>Three</p></section></article>',
    )
    expect(sectionsOf(html)).toEqual([
      ['t', 'Title', 'Begin&go.'],
      ['arp', 'Who?', 'Onetwo. Three'],
    ])
  })
  it('has entries and words under their own names', () => {
    const html = page(
      '<h1>G</h1><p>x</p><section><h2 id="no-route"><code>no-route</code></h2><p>None.</p></section><dl><dt id="mtu">MTU</dt><dd>Longest.</dd><dt>Not a word</dt><dd>of it</dd></dl>',
    )
    expect(sectionsOf(html)?.slice(1)).toEqual([
      ['no-route', 'no-route', 'None.'],
      ['mtu', 'MTU', 'Longest. Not a word of it'],
    ])
  })
  it('leaves out scripts, pictures, controls, ways around, what is said twice, and what a question keeps', () => {
    const kept =
      '<script>a<b</script><svg><text>pic</text></svg><button>press</button><nav>way</nav><span role="tooltip">again</span><div data-predict="x"><p>answer</p></div><noscript><p>unscripted</p></noscript><img alt="x"/>'
    expect(sectionsOf(page(`<h1 id="t">T</h1><p>here ${kept} there</p>`))).toEqual([
      ['t', 'T', 'here there'],
    ])
  })
  it('has apart what stands behind the answer to a question of a scene', () => {
    const scene =
      '<section id="s" data-scene="s"><h2>S</h2><p>Asked</p><div data-predict="q"><p>open</p></div></section>'
    const behind = (id: string): string => ` said behind <${id}> `
    expect(sectionsOf(page(scene), behind)).toEqual([['s', 'S', 'Asked', 'said behind <q>']])
  })
  it('has what tools print only where the page is about that', () => {
    const pre = '<pre>ip route</pre>'
    expect(sectionsOf(page(`<h1 id="t">T</h1>${pre}`))).toEqual([['t', 'T', 'ip route']])
    expect(
      sectionsOf(page(`<section id="s" data-scene="s"><h2>S</h2><p>Text</p>${pre}</section>`)),
    ).toEqual([['s', 'S', 'Text']])
  })
  it('is of no page without a text', () => {
    expect(sectionsOf('<html><main class="embed"></main></html>')).toBeNull()
  })
})
