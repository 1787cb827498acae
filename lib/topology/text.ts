import type { Cidr } from '#lib/wire/addr.ts'

/* Words of which tools make the lines that rows are printed as (test/analysis/print/tools.test.ts asks the tools). iproute2 leaves a blank at the end of some lines; here is none. */

export const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`
/** A mark with its mask, unless that is all of it. */
export const marked = (m: { readonly value: number; readonly mask: number }): string =>
  m.mask >>> 0 === 0xffffffff ? hex(m.value) : `${hex(m.value)}/${hex(m.mask)}`
/** A line of the words there are. */
export const words = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((x) => x !== false && x !== undefined && x !== '').join(' ')

/** `default`, a bare address for a /32, else the prefix: as iproute2 prints destinations. */
export function prefixText(dst: Cidr): string {
  return dst === '0.0.0.0/0' ? 'default' : dst.replace(/\/32$/, '')
}

/** A prefix of no bits is the same as none, to the kernel too. */
export function selects(prefix: Cidr | undefined): prefix is Cidr {
  return prefix !== undefined && !prefix.endsWith('/0')
}

/** JSON on one line, with the spaces a person would put. */
export function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([k, v]) => `${JSON.stringify(k)}: ${spaced(v)}`)
    .join(', ')} }`
}

/** What steers a terminal or reorders what it prints: C0, DEL, C1, line separators and the marks of the Unicode bidirectional algorithm. */
export const STEERING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u
