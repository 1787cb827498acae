/** How far from the window a figure comes alive. */
const NEAR = '600px'

const EVENTS = ['pointerenter', 'focusin']

/** Calls back once when the place comes near the window, is pointed at or focused, is to be printed, or the page's link is about it. */
export function whenWanted(place: Element, id: string, then: () => void): () => void {
  const seen = new IntersectionObserver(
    (entries) => {
      if (entries.some((e) => e.isIntersecting)) end()
    },
    { rootMargin: NEAR },
  )
  const about = (): void => {
    if (location.hash.includes(`${id}=`)) end()
  }
  const leave = (): void => {
    seen.disconnect()
    removeEventListener('hashchange', about)
    removeEventListener('beforeprint', end)
    for (const e of EVENTS) place.removeEventListener(e, end)
  }
  const end = (): void => {
    leave()
    then()
  }
  seen.observe(place)
  addEventListener('hashchange', about)
  addEventListener('beforeprint', end)
  for (const e of EVENTS) place.addEventListener(e, end)
  about()
  return leave
}
