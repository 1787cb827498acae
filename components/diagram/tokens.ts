import type { Ip } from '#lib/index.ts'

/** What is written of a field: its name, what it was where it just changed, and what it is. */
export interface Token {
  readonly pre: string
  readonly was: string | null
  readonly now: string
  readonly changed: boolean
}
export type Line = readonly Token[]

/** A field and its value, and the one it had. */
export function token(pre: string, now: string, was: string | null = null): Token {
  const changed = was !== null && was !== now
  return { pre, now, was: changed ? was : null, changed }
}

const signs = (t: Token): number =>
  t.pre.length + t.now.length + (t.was === null ? 0 : t.was.length + (t.now === '' ? 0 : 1))
export const length = (line: Line): number => line.reduce((sum, t) => sum + signs(t), 0)

/** One that is too long for a line: its old value and its new one, or its words. */
function cut(t: Token, most: number): readonly Token[] {
  if (signs(t) <= most) return [t]
  if (t.was === null)
    return t.now.split(' ').map((now, i) => ({ ...t, pre: i === 0 ? t.pre : ' ', now }))
  return [
    { pre: '', was: t.was, now: '', changed: true },
    { ...t, was: null },
  ]
}

/** Tokens in as few lines of so many signs as they need. A line does not begin with what stands between two. */
export function lines(tokens: readonly Token[], most: number): readonly Line[] {
  const out: Token[][] = []
  for (const t of tokens.flatMap((x) => cut(x, most))) {
    const line = out.at(-1)
    if (line !== undefined && length(line) + signs(t) <= most) line.push(t)
    else out.push([{ ...t, pre: t.pre.replace(/^ (?:· )?/, '') }])
  }
  return out
}

/** The last parts of an address, from where it differs from another one; all of it if they share less than two. */
function tail(address: string, other: string, least: number): string {
  const [a, b] = [address.split('.'), other.split('.')]
  let same = 0
  while (same < 3 && a[same] === b[same]) same += 1
  const from = Math.min(same, least)
  return same < 2 || from === 0 ? address : `.${a.slice(from).join('.')}`
}

/** From whom to whom. What both addresses share is left out where a line has no room for it. */
export function pair(ip: Ip, was: Ip | undefined, most: number): readonly Token[] {
  const whole = [token('', ip.src, was?.src ?? null), token('→', ip.dst, was?.dst ?? null)]
  if (whole.some((t) => t.changed) || length(whole) <= most) return whole
  const near = [whole[0]!, token('→', tail(ip.dst, ip.src, 3))]
  if (length(near) <= most) return near
  return [token('', tail(ip.src, ip.dst, 2)), token('→', tail(ip.dst, ip.src, 2))]
}
