import { askOf } from './keys.ts'

/* What is pressed before a figure's script is there: it looks alive already, so what was asked of it is done once it is. */

/** What may be pressed: what is built is the same as what comes alive, so each is found again by its place. */
const PRESSED = ['button', 'select', 'input', 'summary'].join()

type Early =
  | { readonly type: 'click' | 'value'; readonly at: number; readonly value: string }
  | { readonly type: 'key'; readonly key: string; readonly shift: boolean; readonly at: number }

export interface Presses {
  /** Does in the living figure what was asked of the one that stood there. */
  readonly carryOut: (alive: Element) => void
  readonly end: () => void
}

const allOf = (root: Element): readonly HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>(PRESSED),
]

/** Hears what is pressed in a figure as it was built. */
export function hearEarly(place: HTMLElement): Presses {
  const asked: Early[] = []
  let focus = -1
  const numberOf = (e: Event): number =>
    allOf(place).findIndex((x) => e.target instanceof Node && x.contains(e.target))
  const click = (e: Event): void => {
    const at = numberOf(e)
    if (allOf(place)[at]?.matches('button')) asked.push({ type: 'click', at, value: '' })
  }
  const change = (e: Event): void => {
    const { target } = e
    if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement)
      asked.push({ type: 'value', at: numberOf(e), value: target.value })
  }
  const key = (e: KeyboardEvent): void => {
    const on = e.target instanceof Element ? e.target : place
    const where = on.matches('[data-figure]')
      ? 'figure'
      : on.matches('input, select')
        ? 'field'
        : 'inside'
    const { key: pressed, shiftKey: shift, altKey: alt } = e
    const ctrl = e.ctrlKey || e.metaKey
    if (askOf({ key: pressed, shift, ctrl, alt, where }) === null || ctrl) return
    e.preventDefault()
    asked.push({ type: 'key', key: pressed, shift, at: where === 'figure' ? -1 : numberOf(e) })
  }
  const focused = (e: FocusEvent): void => {
    // What is taken out of the page leaves the focus to nobody: that is no choice of the reader's.
    if (e.type === 'focusin') focus = numberOf(e)
    else if (e.relatedTarget !== null) focus = -1
  }
  place.addEventListener('click', click)
  place.addEventListener('change', change)
  place.addEventListener('keydown', key)
  place.addEventListener('focusin', focused)
  place.addEventListener('focusout', focused)
  return {
    carryOut: (alive) => {
      const root = alive.querySelector<HTMLElement>('[data-figure]')
      if (root === null) return
      for (const a of asked) doAgain(a, root)
      if (asked.length > 0 && document.activeElement === document.body)
        (allOf(root)[focus] ?? root).focus({ preventScroll: true })
    },
    end: () => {
      place.removeEventListener('click', click)
      place.removeEventListener('change', change)
      place.removeEventListener('keydown', key)
      place.removeEventListener('focusin', focused)
      place.removeEventListener('focusout', focused)
    },
  }
}

function doAgain(a: Early, root: HTMLElement): void {
  const on = a.at < 0 ? root : allOf(root)[a.at]
  if (on === undefined) return
  if (a.type === 'key')
    on.dispatchEvent(
      new KeyboardEvent('keydown', {
        key: a.key,
        shiftKey: a.shift,
        bubbles: true,
        cancelable: true,
      }),
    )
  else if (a.type === 'click') on.click()
  else if (on instanceof HTMLSelectElement || on instanceof HTMLInputElement) {
    // React takes a value for its own unless it is set as a hand sets it.
    const own = on instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement
    Object.getOwnPropertyDescriptor(own.prototype, 'value')?.set?.call(on, a.value)
    on.dispatchEvent(
      new Event(on instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    )
  }
}
