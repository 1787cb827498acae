// A page comes alive by components/site/boot.ts, not by Next's client, which could fetch and show other pages too: here each page is a document of its own. What that needs of the page's tree is written into the page: components with their props, and of what only stands there no more than that it does.
import { createElement, Fragment } from 'react'
import { renderToString } from 'react-dom/server'
import { Element, Part, treeOf } from './tree.mjs'

/** What React moves into the head by itself, and what the page has in it anyway. */
const ELSEWHERE = new Set(['head', 'link', 'meta', 'script', 'title'])
const NO_TEXT = Symbol('no text')

/** What Next's client puts around the page, and around each part of its path: lists of which one member is there. React counts lists where it names what has no name, `useId`. */
const aroundPage = (page) => [null, null, [null, page, null]]
const aroundPart = (part) => [[null, null, [[part, null], null]]]

/** Only tags and texts, all the way down: as React renders it; else NO_TEXT. */
function textOf(value, read) {
  const it = read(value)
  if (Array.isArray(it)) {
    const all = it.map((x) => textOf(x, read))
    return all.includes(NO_TEXT) ? NO_TEXT : all
  }
  if (!(it instanceof Element)) return it
  const type = read(it.type)
  const children = textOf(it.props.children, read)
  if (type instanceof Part || children === NO_TEXT) return NO_TEXT
  return createElement(type, { ...it.props, key: it.key }, children)
}

/** What boot.ts reads of a page: `{ parts: [[module, name], ...], chunks, tree }`. In the tree, `{ $: tag or number of a part, ...props }` is an element, one without a tag a fragment, and `{ '=': n }` one that stands in the page as it is: at `places[n]` its start tag has its name behind it. `needless` are the chunks of nothing that is shown. Throws Error where Next has written a page in a way that is not known here. */
export function aliveOf(html) {
  const { root, read, parts } = treeOf(html)
  const used = new Map()
  const chunksOf = (all) => [...new Set(all.flatMap((part) => part.chunks.map(read)))]

  /** Where elements stand in the page. */
  const places = []
  const next = new Map()
  /** Does an element stand in the page just so? Then there is no need to say it twice. Its number, or -1. */
  const standing = (element) => {
    const text = textOf(element, read)
    if (text === NO_TEXT || element.props.children === undefined) return -1
    const markup = renderToString(text)
    const at = html.indexOf(markup, next.get(markup) ?? 0)
    if (at < 0) return -1
    next.set(markup, at + 1)
    return places.push(at + 1 + read(element.type).length) - 1
  }
  /** Elements that stand in the page: the tree has their numbers, the page their order. */
  const marks = []
  const marked = (n) => {
    marks.push({ '=': n })
    return marks.at(-1)
  }
  const numberOf = (part) => {
    const id = `${part.module} ${part.name}`
    if (!used.has(id)) used.set(id, part)
    return [...used.keys()].indexOf(id)
  }
  /** `branch`: the part of the path that it stands in. `kept`: may it be left to the page? Not what a component shows later. */
  const written = (value, branch, kept) => {
    const it = read(value)
    if (Array.isArray(it)) return it.map((x) => written(x, branch, kept) ?? null)
    if (it instanceof Element) return elementOf(it, branch, kept)
    if (it === null || typeof it !== 'object') return it
    if ('$' in it || '=' in it) throw new Error('data of a page that reads as an element')
    return propsOf(it, branch, kept)
  }
  const propsOf = (props, branch, kept) =>
    Object.fromEntries(
      Object.entries(props).map(([k, v]) => [k, written(v, branch, kept && k === 'children')]),
    )
  const elementOf = (it, branch, kept) => {
    const type = read(it.type)
    if (type === 'html' || type === 'body') return written(it.props.children, branch, kept)
    if (ELSEWHERE.has(type) || type.name === 'OutletBoundary') return null
    if (type === Fragment) return { $: '', ...propsOf(it.props, branch, kept) }
    // Browsers that run scripts read it as text, and React leaves it alone.
    if (type === 'noscript') return { $: type }
    if (type instanceof Part && 'parallelRouterKey' in it.props) {
      const [, within] = read(branch.c).find(([slot]) => slot === 'children')
      return aroundPart(written(read(within).d.r, read(within), kept))
    }
    if (type instanceof Part) return { $: numberOf(type), ...propsOf(it.props, branch, kept) }
    if (typeof type !== 'string') throw new Error(`a page with ${String(type)} in it`)
    const n = kept ? standing(it) : -1
    return n >= 0 ? marked(n) : { $: type, ...propsOf(it.props, branch, kept) }
  }

  const tree = aroundPage(written(root.t.t.d.r, root.t.t, true))
  const order = places.toSorted((a, b) => a - b)
  for (const m of marks) m['='] = order.indexOf(places[m['=']])
  const shown = [...used.values()]
  const chunks = chunksOf(shown)
  return {
    alive: { parts: shown.map(({ module, name }) => [module, name]), chunks, tree },
    places: order,
    needless: chunksOf(parts).filter((chunk) => !chunks.includes(chunk)),
  }
}

const ROWS = /<script[^>]*>\(?self\.__next_f[\s\S]*?<\/script>/g
/** Where Next's client would have put the head of the next page. */
const NEXT_HEAD = '<div hidden=""><!--$--><!--/$--></div>'

/** The page with what boot.ts reads instead of the rows for Next's client, and without the scripts that only that client asks for. A page that Next has not written stays as it is. */
export function withAlive(html) {
  if (!html.includes('self.__next_f')) return html
  const { alive, needless, places } = aliveOf(html)
  const json = JSON.stringify(alive).replaceAll('<', '\\u003c')
  const marked = places.reduceRight(
    (page, at) => `${page.slice(0, at)} data-is${page.slice(at)}`,
    html,
  )
  return needless
    .reduce((page, chunk) => page.replace(`<script src="${chunk}" async=""></script>`, ''), marked)
    .replace(ROWS, '')
    .replace(NEXT_HEAD, '')
    .replace('</body>', () => `<script type="application/json" id="alive">${json}</script></body>`)
}
