import { useEffect, useState, type RefObject } from 'react'

/** Has an element come near the window? Once it has, it stays so. */
export function useCome(place: RefObject<HTMLElement | null>): boolean {
  const [come, setCome] = useState(false)
  useEffect(() => {
    if (place.current === null || come) return
    const look = new IntersectionObserver(([e]) => e?.isIntersecting === true && setCome(true), {
      rootMargin: '50%',
    })
    look.observe(place.current)
    return () => look.disconnect()
  }, [place, come])
  return come
}
