/* A line of iptables-save under way: its words, taken from the left. */

/** What is read of one line. `fail` ends it, and says which line it was. */
export interface Line {
  /** The next word; '' at the end. */
  readonly take: () => string
  /** What take would give. */
  readonly next: () => string | undefined
  readonly fail: (why: string) => never
}

/** The words of a line; what stands between double quotes is one. */
export function lineOf(text: string, at: number): Line {
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    (m) => m[1]?.replaceAll(/\\(.)/g, '$1') ?? m[2] ?? '',
  )
  return {
    take: () => words.shift() ?? '',
    next: () => words[0],
    fail: (why) => {
      throw new RangeError(`line ${at}: ${why} in ${text}`)
    },
  }
}

/** VALUE/MASK, in any base; without a mask all bits. */
export function masked(text: string): { readonly value: number; readonly mask: number } {
  const [v = '', m = '0xffffffff'] = text.split('/')
  return { value: Number(v), mask: Number(m) }
}
