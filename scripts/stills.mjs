// The pictures of scenes as files: a build makes a page of each, of which its drawing and what that needs of the style sheets are kept.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The rules of a style sheet, those within others whole. */
export function rulesOf(css) {
  const rules = []
  let depth = 0
  let from = 0
  for (let i = 0; i < css.length; i += 1) {
    if (css[i] === '{') depth += 1
    if (css[i] !== '}') continue
    depth -= 1
    if (depth > 0) continue
    const rule = css.slice(from, i + 1).trim()
    const at = rule.indexOf('{')
    rules.push({ selector: rule.slice(0, at).trim(), body: rule.slice(at + 1, -1) })
    from = i + 1
  }
  return rules
}

/** Is a rule about this drawing? Colours are those of light: of paper. */
function concerns(selector, svg, classes) {
  if (selector === ':root') return true
  if (selector.startsWith('@') || /:(hover|focus|active)/.test(selector)) return false
  const named = [...selector.matchAll(/\.([\w-]+)/g)].map((m) => m[1])
  if (named.length > 0) return named.every((c) => classes.has(c))
  const data = [...selector.matchAll(/\[(data-[\w-]+)/g)].map((m) => m[1])
  return data.length > 0 && !selector.includes(':root') && data.every((d) => svg.includes(`${d}=`))
}

/** The drawing of a page as a file of its own. */
export function svgOf(html, css) {
  const svg = /<svg data-still=[\s\S]*?<\/svg>/.exec(html)?.[0]
  if (svg === undefined) throw new Error('a page of a still has no drawing')
  const classes = new Set([...svg.matchAll(/class="([^"]*)"/g)].flatMap((m) => m[1].split(/\s+/)))
  const rules = rulesOf(css.replace(/\/\*[\s\S]*?\*\//g, ''))
    .filter((r) => concerns(r.selector, svg, classes))
    .map((r) => `${r.selector}{${r.body}}`)
  // Letters of the site do not come into a picture that stands in a page.
  const letters = 'svg{--font-text:system-ui;--font-mono:ui-monospace;font-family:var(--text)}'
  const style = `<style>${rules.join('')}${letters}</style>`.replaceAll('&', '&amp;')
  const ground = '<rect width="100%" height="100%" fill="var(--paper)"/>'
  return `${svg.replace(/(<svg [^>]*>)/, `$1${style}${ground}`)}\n`
}

/** Makes the files of an export, and takes the pages away. */
export function makeStills(out, base) {
  const dir = join(out, 'stills')
  if (!existsSync(dir)) return
  const sheets = new Map()
  const sheet = (href) => {
    const path = join(out, href.slice(base.length))
    if (!sheets.has(path)) sheets.set(path, readFileSync(path, 'utf8'))
    return sheets.get(path)
  }
  const made = readdirSync(dir).flatMap((name) => {
    const page = join(dir, name, 'index.html')
    if (name === 'none' || !existsSync(page)) return []
    const html = readFileSync(page, 'utf8')
    const css = [...html.matchAll(/<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"/g)]
      .map((m) => sheet(m[1]))
      .join('\n')
    return [[`${name}.svg`, svgOf(html, css)]]
  })
  rmSync(dir, { recursive: true })
  if (made.length > 0) mkdirSync(dir)
  for (const [name, svg] of made) writeFileSync(join(dir, name), svg)
}
