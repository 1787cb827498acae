/** What of a JSON text can be read, and what it says that a value cannot keep. */
export interface Salvage {
  readonly value: unknown
  /** What follows the last whole element; null if all was read. */
  readonly rest: string | null
  /** Keys that an object has twice; the second counts. */
  readonly twice: readonly string[]
}

/** No link has more levels; a text that has could exhaust the stack. */
const LEVELS = 16
const PLAIN = /-?\d[\d.eE+-]*|true|false|null/y

interface Part {
  readonly value: unknown
  readonly whole: boolean
}
const NOTHING: Part = { value: undefined, whole: false }

/**
 * JSON as RFC 8259 has it. Of a text that is cut or broken, arrays keep the elements before the break;
 * an object that is not whole is left out, for half an edit is another edit.
 */
export function salvage(text: string): Salvage {
  let at = 0
  let good = 0
  const twice: string[] = []
  const skip = (): void => {
    while (/[ \t\n\r]/.test(text[at] ?? '')) at += 1
  }
  const parsed = (end: number): Part => {
    try {
      const x: unknown = JSON.parse(text.slice(at, end))
      at = end
      return { value: x, whole: true }
    } catch {
      return NOTHING
    }
  }
  const quote = (): Part => {
    let end = at + 1
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
    return parsed(end + 1)
  }
  const sign = (c: string): boolean => {
    skip()
    if (text[at] !== c) return false
    at += 1
    return true
  }
  const value = (level: number): Part => {
    if (level > LEVELS) return NOTHING
    if (sign('[')) return array(level)
    if (sign('{')) return object(level)
    if (text[at] === '"') return quote()
    PLAIN.lastIndex = at
    const end = at + (PLAIN.exec(text)?.[0].length ?? 0)
    // A number that nothing ends may have had more digits.
    return level > 0 && end === text.length ? NOTHING : parsed(end)
  }
  const array = (level: number): Part => {
    const items: unknown[] = []
    good = at
    if (sign(']')) return { value: items, whole: true }
    do {
      const item = value(level + 1)
      if (!item.whole) {
        if (Array.isArray(item.value)) items.push(item.value)
        return { value: items, whole: false }
      }
      items.push(item.value)
      good = at
    } while (sign(','))
    return { value: items, whole: sign(']') }
  }
  const object = (level: number): Part => {
    const fields = new Map<string, unknown>()
    const before = good
    const broken = (): Part => {
      good = before
      return NOTHING
    }
    if (sign('}')) return { value: {}, whole: true }
    do {
      skip()
      const key = text[at] === '"' ? quote() : NOTHING
      if (!key.whole || !sign(':')) return broken()
      const field = value(level + 1)
      if (!field.whole) return broken()
      const name = key.value as string
      if (fields.has(name)) twice.push(name)
      fields.set(name, field.value)
    } while (sign(','))
    return sign('}') ? { value: Object.fromEntries(fields), whole: true } : broken()
  }
  const top = value(0)
  if (top.whole) {
    good = at
    skip()
  }
  const whole = top.whole && at === text.length
  return { value: top.value, rest: whole ? null : text.slice(good), twice }
}
