import { indexed } from '../../indexed.ts'
import type { Sysctl } from './row.ts'

/**
 * The rows that count for forwarding: of each device that has one, and under '' of all others. ip_forward and conf.all.forwarding are one
 * switch, and when it becomes another it sets those of all devices (devinet_sysctl_forward(), inet_forward_change()).
 */
export const forwardingRows = indexed((rows: readonly Sysctl[]): ReadonlyMap<string, number> => {
  const written = new Map<string, number>()
  let value = 0
  rows.forEach((row, i) => {
    const dev = /^net\.ipv4\.conf\.(.+)\.forwarding$/.exec(row.key)?.[1]
    if (row.key === 'net.ipv4.ip_forward' || dev === 'all') {
      if (row.value !== value) written.clear()
      written.set('', i)
      value = row.value
    } else if (dev !== undefined) written.set(dev, i)
  })
  return written
})
