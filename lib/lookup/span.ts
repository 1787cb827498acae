import type { Ports } from '#lib/topology/rows.ts'

/** Ports from one to another, both meant. */
export interface Span {
  readonly low: number
  readonly high: number
}

/** A port, or the range that iptables would write so. */
export function span(ports: Ports): Span {
  if (typeof ports === 'number') return { low: ports, high: ports }
  const [low = '0', high = low] = ports.split(':')
  return { low: Number(low), high: Number(high) }
}

export function within({ low, high }: Span, port: number): boolean {
  return port >= low && port <= high
}
