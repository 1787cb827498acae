import { gone, renamed } from './aliases.ts'
import { activeOf, landing, read, shift, turned } from './reading.ts'
import type { Told } from './told.ts'

/* Where in a chapter its reader is, by what the window shows. */

/** How far down the window a card's top is when the card is read. */
const LINE = 0.42
/** From this width on the stage stands beside the text: as in the style sheet. */
const WIDE = 1100
/** Where it stands above the text, the line is so far into what is left below. */
const BELOW = 0.25
/** A smooth way through the text is over by then, whatever the browser says of it. */
const LONGEST_MS = 1500

interface Sight {
  readonly line: number
  readonly from: number
  readonly to: number
}

/** What of the window shows text, and the line in it. */
function sight(book: HTMLElement): Sight {
  const stage = book.querySelector('[data-stage-place]')
  const head = document.querySelector('header.site')
  const sticks = (e: Element | null): boolean =>
    e !== null && getComputedStyle(e).position === 'sticky'
  const below = (e: Element | null): number =>
    e !== null && sticks(e) ? parseFloat(getComputedStyle(e).top) + e.clientHeight : 0
  const from = innerWidth >= WIDE ? below(head) : Math.max(below(stage), below(head))
  // What a thumb reaches stands on the text.
  const thumbs = book.querySelector('[data-figure] > :last-child')
  const fixed = thumbs !== null && getComputedStyle(thumbs).position === 'fixed'
  const high = innerHeight
  return {
    from,
    to: high - (fixed ? thumbs.clientHeight : 0),
    line: innerWidth >= WIDE ? high * LINE : Math.max(high * LINE, from + (high - from) * BELOW),
  }
}

/** Keeps which scene is read, while the chapter is on the page. Returns what ends it. */
export function keepPlace(book: HTMLElement, { stage, entries, was, moved }: Told): () => void {
  const cards = [...book.querySelectorAll<HTMLElement>('[data-scene]')]
  const scenes = entries.map((e) => e.scene)
  const top = (e: Element): number => e.getBoundingClientRect().top
  let active = -1
  let frame = 0
  /** The scene that is gone to: those on the way are not read. */
  let going: number | null = null
  let late: ReturnType<typeof setTimeout> | undefined
  const to = (n: number): void => {
    if (n === active) return
    if (active >= 0) cards[active]?.removeAttribute('data-active')
    cards[n]?.setAttribute('data-active', '')
    active = n
    turned()
  }
  const look = (): void => {
    frame = 0
    to(going ?? activeOf(cards.map(top), sight(book).line))
  }
  const soon = (): void => {
    if (frame === 0) frame = requestAnimationFrame(look)
  }
  const arrived = (): void => {
    if (going === null) return
    clearTimeout(late)
    going = null
    soon()
  }
  const go = (n: number, how: 'smooth' | 'instant'): void => {
    const card = cards[n]
    const behind = n < 0 ? book : book.querySelector('[data-recap]')
    const there = card ?? behind
    if (there === null) return
    const { top: at, height } = there.getBoundingClientRect()
    const y = scrollY + at - landing({ top: at, height }, sight(book))
    scrollTo({ top: n < 0 ? 0 : y, behavior: how })
    clearTimeout(late)
    going = card === undefined ? null : n
    if (going !== null) late = setTimeout(arrived, how === 'smooth' ? LONGEST_MS : 0)
    if (how === 'instant') look()
  }
  const take = (id: string): void => {
    const n = scenes.findIndex((s) => s.id === id)
    if (n >= 0) to(n)
  }
  const see = (what: Element): void => {
    const y = shift(what.getBoundingClientRect(), sight(book))
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (y !== 0) scrollBy({ top: y, behavior: still ? 'instant' : 'smooth' })
  }
  /** A link of an older form is read as one of this, or of the chapter that has it now. */
  const rename = (): void => {
    const elsewhere = gone(location.hash, moved)
    if (elsewhere !== undefined) {
      location.replace(elsewhere)
      return
    }
    const hash = renamed(location.hash, stage, was)
    if (hash !== location.hash) history.replaceState(null, '', hash)
  }
  rename()
  addEventListener('hashchange', rename)
  addEventListener('scroll', soon, { passive: true })
  addEventListener('scrollend', arrived)
  addEventListener('resize', soon)
  const end = read({ stage, scenes, active: () => active, go, take, see })
  look()
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(late)
    removeEventListener('hashchange', rename)
    removeEventListener('scroll', soon)
    removeEventListener('scrollend', arrived)
    removeEventListener('resize', soon)
    end()
  }
}
