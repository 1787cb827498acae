import { figure } from '#components/words/figure.ts'
// A capture is written here too, so that what writes it is loaded only when one is wanted.
export { captureNotes, pcapng, toJson } from '#lib/index.ts'

/** What of an element's looks a picture on its own needs: classes and variables stay behind. */
const LOOKS = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'text-decoration-line',
  'transform',
] as const
/** The name that SVG 1.1 has for what CSS calls otherwise. */
const OLDER: { readonly [looks: string]: string } = { 'text-decoration-line': 'text-decoration' }
const CAPTION = 46

/** The picture as an SVG file of its own: looks written into each element, whole (not zoomed), on its ground, with the caption below. */
export function stillOf(svg: SVGSVGElement, caption: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const from = [...svg.querySelectorAll('*')]
  const [, , width = 0, height = 0] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number)
  const ground = getComputedStyle(svg.closest('[data-figure]') ?? svg)
  copy.querySelectorAll('*').forEach((e, i) => {
    const style = getComputedStyle(from[i]!)
    for (const a of ['class', 'style', 'role', 'tabindex', 'aria-label']) e.removeAttribute(a)
    for (const name of LOOKS) {
      const value = style.getPropertyValue(name)
      if (value !== '' && value !== 'none' && !(name === 'transform' && e.tagName !== 'g'))
        e.setAttribute(OLDER[name] ?? name, matrix(name, value))
      if (name === 'fill' && value === 'none') e.setAttribute('fill', 'none')
    }
  })
  copy.querySelector('g')?.removeAttribute('transform')
  for (const a of ['class', 'style', 'role', 'data-picture', 'data-zoomed']) copy.removeAttribute(a)
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('viewBox', `0 0 ${width} ${height + CAPTION}`)
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height + CAPTION))
  copy.prepend(box(width, height + CAPTION, ground.backgroundColor))
  lines(caption, Math.floor(width / 7.2)).forEach((text, i) =>
    copy.append(line(text, height + 18 + i * 17, ground)),
  )
  return xmlText(new XMLSerializer().serializeToString(copy))
}

/** Text without what XML 1.0 (5th edition, 2.2 Char) has no place for: a NUL in a name would make the file none. */
function xmlText(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
}

const SVG = 'http://www.w3.org/2000/svg'
/** A matrix of CSS is one of SVG too, but for its name in 3D, which does not occur here. */
const matrix = (name: string, value: string): string =>
  name === 'font-family' ? value.replaceAll('"', "'") : value

function box(width: number, height: number, fill: string): SVGRectElement {
  const r = document.createElementNS(SVG, 'rect')
  r.setAttribute('width', String(width))
  r.setAttribute('height', String(height))
  r.setAttribute('fill', fill)
  return r
}

function line(
  text: string,
  y: number,
  { color, fontFamily }: Pick<CSSStyleDeclaration, 'color' | 'fontFamily'>,
): SVGTextElement {
  const t = document.createElementNS(SVG, 'text')
  for (const [k, v] of Object.entries({
    x: '12',
    y: String(y),
    fill: color,
    'font-family': fontFamily.replaceAll('"', "'"),
    'font-size': '13',
  }))
    t.setAttribute(k, v)
  t.textContent = text
  return t
}

/** At most two lines of so many signs. */
function lines(text: string, most: number): string[] {
  if (text.length <= most) return [text]
  const cut = text.lastIndexOf(' ', most)
  const rest = text.slice(cut + 1)
  return [text.slice(0, cut), rest.length <= most ? rest : `${rest.slice(0, most - 1)}…`]
}

/** An SVG file painted at twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth * 2
  canvas.height = image.naturalHeight * 2
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((done, fail) => {
    canvas.toBlob((b) => {
      if (b === null) fail(new Error(figure().notPainted))
      else done(b)
    }, 'image/png')
  })
}
