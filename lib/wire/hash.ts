/** FNV-1a over UTF-16 code units: the engine's only source of "random" choices, so the same flow always gets the same port. Unsigned 32-bit. */
export function fnv1a(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    h ^= text.charCodeAt(i)
    h = Math.imul(h, 0x01000193)
  }
  // A last mix: FNV leaves the low bits of near texts close together.
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

/** A port in [low, high] that depends on the key alone. */
export function pickPort(key: string, low: number, high: number): number {
  return low + (fnv1a(key) % (high - low + 1))
}
