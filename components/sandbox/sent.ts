import type { Sent } from './recipe.ts'

/* A packet of the reader's own, as it is written in a form or a link. */

export const PROTOS = ['icmp', 'udp', 'tcp'] as const
/** Its numbers, and the least and the most of each: what `packet-walk trace` takes. */
export const NUMBERS = {
  port: [1, 65_535],
  sport: [1, 65_535],
  size: [0, 65_000],
  ttl: [1, 255],
} as const
export type Numbered = keyof typeof NUMBERS
export const NUMBERED = Object.keys(NUMBERS) as readonly Numbered[]

/** Does what is sent so have this number? */
export const hasNumber = (proto: Sent['proto'], name: Numbered): boolean =>
  proto !== 'icmp' || name === 'size' || name === 'ttl'

function isNumber(x: unknown, [least, most]: readonly [number, number]): boolean {
  return Number.isInteger(x) && (x as number) >= least && (x as number) <= most
}

/** Is it a packet that can be asked for? Whether it can be sent is the network's to say. */
export function isSent(x: unknown): x is Sent {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return false
  const { proto, df, ...rest } = x as Readonly<Record<string, unknown>>
  const known = PROTOS.find((p) => p === proto)
  if (known === undefined || (df !== undefined && (df !== true || known === 'tcp'))) return false
  if (known !== 'icmp' && rest['port'] === undefined) return false
  return Object.entries(rest).every(([name, n]) => {
    const number = NUMBERED.find((k) => k === name)
    return number !== undefined && hasNumber(known, number) && isNumber(n, NUMBERS[number])
  })
}
