/* The fragment of an address, before anyone knows what its parts mean: all pages read it at once, so it knows no worlds. */

/** The parts of a fragment, each a figure's, the sandbox's or a heading's. */
export function parts(hash: string): string[] {
  return hash
    .replace(/^#/, '')
    .split('&')
    .filter((p) => p !== '')
}

/** A value as a notice shows it: on one line, at most 60 signs, and none that changes how the rest is read. */
export function quoted(x: unknown): string {
  const plain = JSON.stringify(x) ?? 'nothing'
  const text = plain.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}

/** Percent-decoded text; of broken text, whatever decodes, and that it is not whole. */
export function decoded(s: string): { readonly text: string; readonly whole: boolean } {
  const plain = (x: string): string | null => {
    try {
      return decodeURIComponent(x)
    } catch {
      return null
    }
  }
  const text = plain(s)
  if (text !== null) return { text, whole: true }
  return {
    text: s.replace(
      /(?:%[\da-f]{2})+/gi,
      (run) => plain(run) ?? run.replace(/%[0-7][\da-f]/gi, (one) => plain(one) ?? one),
    ),
    whole: false,
  }
}
