import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import { reading } from '#components/chapter/reading.ts'

/** Where a sign is typed, or chooses something. */
const FIELDS = ['input', 'select', 'textarea', '[contenteditable]'].join()

/** What else hears keys while the focus is in it. */
const EXERCISES = ['[data-predict]', '[data-steps]', '[data-bench]', '[data-lease]'].join()

/** While its scene is read, an open question hears the keys of its options wherever the focus is, but in a field: who reads has no control in hand. Its own buttons hear them themselves. */
export function useKeys(
  card: RefObject<HTMLElement | null>,
  options: number,
  give: ((guess: number) => void) | null,
): void {
  const latest = useRef(give)
  useEffect(() => {
    latest.current = give
  }, [give])
  useEffect(() => {
    const pressed = (e: KeyboardEvent): void => {
      const { target } = e
      const on = target instanceof Element ? target : document.body
      const free =
        card.current?.closest('[data-scene][data-active]') != null &&
        !card.current.contains(on) &&
        on.closest(FIELDS) === null &&
        on.closest(EXERCISES) === null
      const n = Number(e.key) - 1
      if (latest.current === null || !free || !(n >= 0 && n < options)) return
      if (e.ctrlKey || e.metaKey || e.altKey) return
      e.preventDefault()
      // The stage has other uses for some of them: not while it waits for an answer.
      e.stopImmediatePropagation()
      latest.current(n)
    }
    addEventListener('keydown', pressed, true)
    return () => removeEventListener('keydown', pressed, true)
  }, [card, options])
}

/** Once a question is answered some of its options are gone: whose focus was on one of these is at the guess, or at the answer. */
export function useStay(card: RefObject<HTMLElement | null>, answered: boolean): void {
  useLayoutEffect(() => {
    const there = document.activeElement
    if (!answered || there?.getAttribute('data-mark') !== 'wrong') return
    if (card.current?.contains(there) !== true || there.getAttribute('aria-pressed') === 'true')
      return
    const stays = '[aria-pressed="true"], [data-mark="right"]'
    card.current.querySelector<HTMLElement>(stays)?.focus({ preventScroll: true })
  }, [card, answered])
}

/** What comes once a question is answered is brought into sight, if it is not there. */
export function useSight(place: RefObject<HTMLElement | null>, there: boolean): void {
  useEffect(() => {
    if (there && place.current !== null) reading()?.see(place.current)
  }, [place, there])
}
