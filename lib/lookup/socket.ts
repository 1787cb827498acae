import type { Socket } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'
import { indexed } from '#lib/topology/indexed.ts'

const byPort = indexed((rows: readonly Socket[]): ReadonlyMap<number, readonly number[]> => {
  const ports = new Map<number, number[]>()
  rows.forEach((row, i) => {
    const key = portKey(row.proto, row.port)
    const same = ports.get(key)
    if (same === undefined) ports.set(key, [i])
    else same.push(i)
  })
  return ports
})

function portKey(proto: Socket['proto'], port: number): number {
  return proto === 'udp' ? port + 0x10000 : port
}

/** Row in n.sockets listening for the protocol at the address and port: one bound to the address before one bound to any. -1 if nobody listens. */
export function lookupSocket(
  n: Netns,
  proto: Socket['proto'],
  { ip: dst, port }: { readonly ip: string; readonly port: number },
): number {
  const rows = byPort(n.sockets).get(portKey(proto, port))
  if (rows === undefined) return -1
  let wildcard = -1
  for (const row of rows) {
    const addr = n.sockets[row]!.addr
    if (addr === dst) return row
    if (wildcard < 0 && (addr === undefined || addr === '0.0.0.0')) wildcard = row
  }
  return wildcard
}
