/** A floor: what plain JS needs to decide and write the same twelve hops each way into fresh buffers, without tables, checks or records.
 *  Real header bytes with right IPv4 checksums; no ARP, iptables, conntrack. The engine is measured as a multiple of it in the same run. */
const FRAME = 148

function sum(b: Uint8Array, from: number, to: number): number {
  let s = 0
  for (let i = from; i < to; i += 2) s += (b[i]! << 8) | b[i + 1]!
  while (s > 0xffff) s = (s & 0xffff) + (s >>> 16)
  return ~s & 0xffff
}

function ip(
  b: Uint8Array,
  at: number,
  length: number,
  ttl: number,
  proto: number,
  src: number,
  dst: number,
): void {
  b[at] = 0x45
  b[at + 2] = length >>> 8
  b[at + 3] = length & 255
  b[at + 8] = ttl
  b[at + 9] = proto
  for (let i = 0; i < 4; i += 1) {
    b[at + 12 + i] = (src >>> (24 - 8 * i)) & 255
    b[at + 16 + i] = (dst >>> (24 - 8 * i)) & 255
  }
  const c = sum(b, at, at + 20)
  b[at + 10] = c >>> 8
  b[at + 11] = c & 255
}

/** One echo and its reply: hop objects and bytes. Returns the bytes written, so that nothing can be left out. */
export function floor(src: number, dst: number, routes: Map<number, number>): number {
  let bytes = 0
  const hops: { node: number; ttl: number; frame: Uint8Array }[] = []
  for (const [a, b] of [
    [src, dst],
    [dst, src],
  ] as const) {
    const node = routes.get(b & 0xffffff00) ?? 0
    for (let hop = 0; hop < 12; hop += 1) {
      const tunnel = hop >= 4 && hop <= 7
      const frame = new Uint8Array(tunnel ? FRAME : 98)
      const ttl = hop < 3 ? 64 : hop < 9 ? 63 : 62
      if (tunnel) {
        ip(frame, 14, 134, 64, 17, node, node ^ 1)
        ip(frame, 64, 84, ttl, 1, a, b)
      } else ip(frame, 14, 84, ttl, 1, a, b)
      bytes += frame.length
      hops.push({ node, ttl, frame })
    }
  }
  return bytes + hops.length
}
