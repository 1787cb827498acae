import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Hosting {
  basePath(text?: string): string
  siteUrl(text?: string): string | undefined
  headersFor(path: string): Readonly<Record<string, string>>
  headersFile(base: string): string
  policyOf(html: string): string
  withPolicy(html: string): string
}
// What runs before anything is installed has no types.
const file = '../../scripts/hosting.mjs'
const { basePath, siteUrl, headersFor, headersFile, policyOf, withPolicy } = (await import(
  file
)) as Hosting

describe('BASE_PATH and SITE_URL', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['/walks', '/walks'],
    ['/a/b-c', '/a/b-c'],
  ])('%j is %j', (text, path) => {
    expect(basePath(text)).toBe(path)
  })
  it.each(['walks', '/walks/', '//walks', '/a b', '/../x', '/a/./b', '/a?b'])(
    '%j is refused with the form that is taken',
    (text) => {
      expect(() => basePath(text)).toThrow(/BASE_PATH=.* is not a path; .*BASE_PATH=\/walks/)
    },
  )
  it('takes a host, and tells a path where it belongs', () => {
    expect(siteUrl('https://example.org/')).toBe('https://example.org')
    expect(siteUrl('')).toBeUndefined()
    for (const text of [
      'example.org',
      'ftp://example.org',
      'https://example.org/walks',
      'https://example.org?x',
    ])
      expect(() => siteUrl(text)).toThrow(/SITE_URL=.*BASE_PATH/)
  })
})

describe('headers', () => {
  it('let any page frame the embeds, and only the site itself the rest', () => {
    expect(headersFor('/embed/flannel-udp/')['content-security-policy']).toBe('frame-ancestors *')
    expect(headersFor('/flannel/')['content-security-policy']).toBe("frame-ancestors 'self'")
    expect(headersFor('/embed')['content-security-policy']).toBe("frame-ancestors 'self'")
  })
  it('keep for good only what is named by its content', () => {
    expect(headersFor('/_next/static/a.js')['cache-control']).toContain('immutable')
    expect(headersFor('/flannel/')['cache-control']).toBe('no-cache')
  })
  it('let frames without an origin have what a figure is made of, and no page', () => {
    for (const path of ['/_next/static/a.js', '/_next/static/media/a.woff2', '/kernel/a.json'])
      expect(headersFor(path)['access-control-allow-origin'], path).toBe('*')
    for (const path of ['/', '/embed/flannel-udp/', '/example.yaml'])
      expect(headersFor(path)['access-control-allow-origin'], path).toBeUndefined()
  })
  it('stand in _headers below the base path, a narrower rule taking back what a wider one said', () => {
    const text = headersFile('/walks')
    expect(text.split('\n').filter((l) => /^\S/.test(l))).toEqual([
      '/walks/*',
      '/walks/_next/static/*',
      '/walks/kernel/*',
      '/walks/embed/*',
    ])
    const embed = text.slice(text.indexOf('/walks/embed/*'))
    expect(embed).toMatch(
      /! content-security-policy\n {2}content-security-policy: frame-ancestors \*/,
    )
  })
})

/** Of each kind of address one, and what stands near it. */
const PATHS = [
  '/',
  '/flannel/',
  '/embed/flannel-udp/',
  '/embed',
  '/embedded/',
  '/_next/static/a.js',
  '/_next/other',
  '/kernel/a.json',
  '/example.yaml',
  '/nowhere',
]

describe('every host is told the same', () => {
  /** What `_headers` says of a path: with Cloudflare Pages headers of several rules are joined and `!` takes back; with Netlify the later rule wins, and a line without a colon is none. */
  const said = (path: string, joins: boolean): Readonly<Record<string, string>> => {
    const found: Record<string, string> = {}
    let holds = false
    for (const line of headersFile('').split('\n')) {
      if (line.startsWith('/')) holds = path.startsWith(line.slice(0, -1))
      else if (!holds || line === '') continue
      else if (line.startsWith('  ! ')) {
        if (joins) delete found[line.slice(4)]
      } else {
        const [name = '', value = ''] = line.trim().split(/: (.*)/)
        found[name] = joins && name in found ? `${found[name]}, ${value}` : value
      }
    }
    return found
  }
  it.each(PATHS)('_headers, of %s', (path) => {
    expect(said(path, true)).toEqual(headersFor(path))
    expect(said(path, false)).toEqual(headersFor(path))
  })

  const [, recipe = ''] = /```nginx\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
  /** What the recipe for nginx says of a path: `set`, `if` on the address, and headers that are not sent when they are empty. */
  const nginx = (path: string): Readonly<Record<string, string>> => {
    const values: Record<string, string> = {}
    const found: Record<string, string> = {}
    const filled = (text: string): string =>
      text.replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? '')
    for (const line of recipe.split('\n')) {
      const on = /if \(\$uri ~ (\S+)\)/.exec(line)
      if (on !== null && !new RegExp(on[1]!).test(path)) continue
      for (const [, name, value] of line.matchAll(/set \$(\w+) "(.*?)";/g)) values[name!] = value!
      const [, name, value] = /add_header (\S+) "?(.*?)"?( always)?;/.exec(line) ?? []
      if (name !== undefined && filled(value!) !== '') found[name.toLowerCase()] = filled(value!)
    }
    return found
  }
  it.each(PATHS)('nginx, of %s', (path) => {
    expect(nginx(path)).toEqual(headersFor(path))
  })
})

describe('a page’s policy', () => {
  const page =
    '<html><head><meta charSet="utf-8"/><script src="/a.js" async=""></script></head><body><script>go(1)</script><script type="x">two</script></body></html>'
  const hash = (code: string): string =>
    `'sha256-${createHash('sha256').update(code).digest('base64')}'`
  it('names the scripts that stand in it by hash, and no others', () => {
    const scripts = policyOf(page)
      .split('; ')
      .find((d) => d.startsWith('script-src'))
    expect(scripts).toBe(`script-src 'self' ${hash('go(1)')} ${hash('two')}`)
  })
  it('has no hash for data, which is not run', () => {
    const data = '<script type="application/json" id="alive">{}</script>'
    expect(policyOf(page.replace('</body>', `${data}</body>`))).toBe(policyOf(page))
    expect(policyOf(`<head></head>${data}`)).toContain("script-src 'self';")
  })
  it('stands before all that it holds for, once', () => {
    const whole = withPolicy(page)
    expect(whole).toContain('<meta charSet="utf-8"/><meta http-equiv="Content-Security-Policy"')
    expect(() => withPolicy(whole)).toThrow(/a policy already/)
    expect(() => withPolicy('<p>')).toThrow(/without a head/)
  })
})
