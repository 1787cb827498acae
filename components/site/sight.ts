import { useEffect, useState, type RefObject } from 'react'

/** Has an element come into the window, or so near to it (a part of the window's height)? Once it has, it stays so. */
export function useCome(place: RefObject<HTMLElement | null>, near = '0%'): boolean {
  const [come, setCome] = useState(false)
  useEffect(() => {
    if (place.current === null || come) return
    const look = new IntersectionObserver(([e]) => e?.isIntersecting === true && setCome(true), {
      rootMargin: near,
    })
    look.observe(place.current)
    return () => look.disconnect()
  }, [place, come, near])
  return come
}
