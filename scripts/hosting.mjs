// Where the site stands and what its host says with it: read by the build, by `npm start` and by what writes `_headers`.
import { createHash } from 'node:crypto'

/** The path below which the site is served, from `BASE_PATH`: '' or '/walks'. Throws Error on any other form. */
export function basePath(text = process.env.BASE_PATH ?? '') {
  if (text === '' || text === '/') return ''
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(text) || /\/\.{1,2}(\/|$)/.test(text))
    throw new Error(
      `BASE_PATH=${text} is not a path; write it with a slash in front and none behind: BASE_PATH=/walks`,
    )
  return text
}

/** The address the site will have, from `SITE_URL`, without a slash behind: what links to pictures of a page need whole. Undefined if it is not said. Throws Error on what is no such address. */
export function siteUrl(text = process.env.SITE_URL ?? '') {
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : null
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw new Error(
      `SITE_URL=${text} is not the address of a host; write scheme and host only, and a path as BASE_PATH: SITE_URL=https://example.org`,
    )
  return url.origin
}

const ALL = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
/** What a host says with a file, in the order in which it holds: the last rule that matches a header wins. `*` stands for the rest of a path, as in the `_headers` of static hosts. */
export const RULES = [
  {
    path: '/*',
    headers: {
      ...ALL,
      'cache-control': 'no-cache',
      'content-security-policy': "frame-ancestors 'self'",
    },
  },
  // A frame that may only run scripts has no origin: fonts, modules and what is fetched come only where they are let out.
  {
    path: '/_next/static/*',
    headers: {
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
    },
  },
  { path: '/kernel/*', headers: { 'access-control-allow-origin': '*' } },
  // Any page may frame the embeds.
  { path: '/embed/*', headers: { 'content-security-policy': 'frame-ancestors *' } },
]

/** The headers for one path below the base path. */
export function headersFor(path) {
  const fits = (rule) => path.startsWith(rule.path.slice(0, -1))
  return Object.assign({}, ...RULES.filter(fits).map((rule) => rule.headers))
}

/** The text of `_headers`. Where several rules say one header, Cloudflare Pages joins what they say, so a rule takes back (`!`) what a wider one said; with Netlify the later rule wins, and a line without a colon is passed over. */
export function headersFile(base) {
  const said = new Set()
  const lines = RULES.flatMap(({ path, headers }) => {
    const names = Object.keys(headers)
    const back = names.filter((name) => said.has(name)).map((name) => `  ! ${name}`)
    for (const name of names) said.add(name)
    return [`${base}${path}`, ...back, ...names.map((name) => `  ${name}: ${headers[name]}`)]
  })
  return `${lines.join('\n')}\n`
}

/** Scripts that stand in a page; what is data there is not run. */
const INLINE = /<script(?![^>]*\s(?:src=|type="application\/json"))[^>]*>([\s\S]*?)<\/script>/g

/** The policy of one page (CSP 3): scripts are files of this host, or those that stand in the page, by their hash. Styles stand in attributes, which no hash covers. */
export function policyOf(html) {
  const hashes = [...html.matchAll(INLINE)].map(
    ([, code]) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  )
  return [
    "default-src 'self'",
    `script-src 'self' ${[...new Set(hashes)].join(' ')}`.trimEnd(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join('; ')
}

/** The page with its policy as the first thing that its head says after the character set. Throws Error on a page without a head, or one that has a policy. */
export function withPolicy(html) {
  const head = /<head[^>]*>(<meta charSet="[^"]*"\/?>)?/i.exec(html)
  if (head === null || html.includes('http-equiv="Content-Security-Policy"'))
    throw new Error('a page without a head, or with a policy already')
  const at = head.index + head[0].length
  return `${html.slice(0, at)}<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}"/>${html.slice(at)}`
}
