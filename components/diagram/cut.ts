/** What of the page a camera looks through: the picture, all in it that moves, and the place it has. */
export interface Lens {
  readonly svg: SVGSVGElement
  readonly inside: SVGGElement
  readonly place: HTMLElement
  /** What may come to stand on its lower edge: a sentence longer than its own room. */
  readonly over: HTMLElement | null
}

/** How much of the place, in px from below, something stands on. */
export function coveredOf({ place, over }: Lens): number {
  if (over === null) return 0
  const [p, o] = [place.getBoundingClientRect(), over.getBoundingClientRect()]
  return o.top > p.top && o.bottom > p.bottom ? Math.max(0, p.bottom - o.top) : 0
}

/** Where a picture is larger than its place, what would be cut by the border is left out, boxes and words; and what the card comes to stand on, but where the packet is. */
export function showWhole(lens: Lens, larger: boolean): void {
  const { inside } = lens
  const edge = larger ? sightOf(lens) : null
  const card = inside.querySelector<SVGGElement>('[data-card]')
  if (card !== null) keepIn(card, edge)
  const over = edge === null ? undefined : card?.getBoundingClientRect()
  const parts = [...inside.querySelectorAll<SVGGraphicsElement>('[data-box], text')].filter(
    (e) => e.closest('[data-card]') === null,
  )
  // All are measured before one is changed, so that the page is laid out once.
  const cut = parts.map((e) => {
    if (edge === null) return false
    const r = (e.querySelector('rect, circle') ?? e).getBoundingClientRect()
    return (
      crosses(r, edge) ||
      (over !== undefined && e.closest('[data-here="true"]') === null && meets(r, over))
    )
  })
  parts.forEach((e, i) => {
    if (cut[i] === true) e.setAttribute('data-cut', 'true')
    else e.removeAttribute('data-cut')
  })
}

/** What of the place is to be seen. */
function sightOf(lens: Lens): DOMRect {
  const { x, y, width, height } = lens.place.getBoundingClientRect()
  return new DOMRect(x, y, width, height - coveredOf(lens))
}

const meets = (a: DOMRect, b: DOMRect): boolean =>
  a.right > b.left && a.left < b.right && a.bottom > b.top && a.top < b.bottom
/** Is it partly in sight? */
const crosses = (r: DOMRect, edge: DOMRect): boolean =>
  meets(r, edge) &&
  (r.left < edge.left - 1 ||
    r.right > edge.right + 1 ||
    r.top < edge.top - 1 ||
    r.bottom > edge.bottom + 1)

/** From a border, in px. */
const RIM = 4
const inward = (from: number, to: number, [low, high]: readonly [number, number]): number =>
  from < low + RIM ? low + RIM - from : to > high - RIM ? high - RIM - to : 0

/** The card is moved to be in sight, if its tray is not. */
function keepIn(card: SVGGElement, edge: DOMRect | null): void {
  card.style.removeProperty('translate')
  if (edge === null) return
  const r = card.getBoundingClientRect()
  const scale = card.getScreenCTM()?.a ?? 1
  const x = inward(r.left, r.right, [edge.left, edge.right]) / scale
  const y = inward(r.top, r.bottom, [edge.top, edge.bottom]) / scale
  if (x !== 0 || y !== 0) card.style.setProperty('translate', `${x}px ${y}px`)
}
