/* What a page keeps on this device only, by names, where the browser keeps anything for it. */

/** What was kept under a name. */
export function keptAs(name: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(name) ?? '{}')
    return typeof found === 'object' && found !== null ? { ...found } : {}
  } catch {
    return {}
  }
}

/** Keeps one thing more under a name; where nothing may be kept, nothing is. */
export function keepAs(name: string, key: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify({ ...keptAs(name), [key]: value }))
  } catch {
    // In a frame, or by the reader's wish, it may keep nothing for a page.
  }
}
