import type { Rate } from './known.ts'

/* Rates of -m limit, as iptables takes and prints them (libxt_limit.c). */

/** XT_LIMIT_SCALE */
const SCALE = 10_000
const UNITS = { sec: 1, min: 60, hour: 3600, day: 86_400 } as const
/** XT_LIMIT_BURST: who says nothing says five, and that is not printed. */
export const BURST = 5
const NAMES = ['second', 'minute', 'hour', 'day']

/** What is kept of it: how long a packet takes, in 1/10,000 s; null: no rate, or a faster one than that. */
export function periodOf(text: string): number | null {
  const [, count = '', unit = 'second'] = /^(\d{1,9})(?:\/([a-z]+))?$/i.exec(text) ?? []
  const at = NAMES.findIndex((name) => name.startsWith(unit.toLowerCase()))
  const of = at < 0 ? 0 : Object.values(UNITS)[at]! * SCALE
  const period = Number(count) === 0 ? 0 : Math.floor(of / Number(count))
  return period === 0 ? null : period
}

/** print_rate(): the largest unit that says it as exactly as the next smaller one. */
export function rateText(period: number): Rate {
  const units = Object.entries(UNITS).toReversed()
  let at = 1
  for (; at < units.length; at += 1) {
    const of = units[at]![1] * SCALE
    if (period > of || Math.floor(of / period) < of % period) break
  }
  const [name, seconds] = units[at - 1]!
  return `${Math.floor((seconds * SCALE) / period)}/${name}` as Rate
}

/** As rows have it: in iptables' own short words. */
export function isRate(text: unknown): text is Rate {
  return (
    typeof text === 'string' && /^\d+\/(sec|min|hour|day)$/.test(text) && periodOf(text) !== null
  )
}
