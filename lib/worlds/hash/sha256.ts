/** SHA-256 of ASCII text as 32 bytes (FIPS 180-4). For names only: kube-proxy calls its chains by the beginning of one. */
export function sha256(text: string): Uint8Array {
  const length = text.length
  const words = new Uint32Array((((length + 8) >> 6) + 1) * 16)
  for (let i = 0; i < length; i += 1) words[i >> 2]! |= text.charCodeAt(i) << (24 - (i & 3) * 8)
  words[length >> 2]! |= 0x80 << (24 - (length & 3) * 8)
  words[words.length - 1] = length * 8
  const h = START.slice()
  for (let block = 0; block < words.length; block += 16)
    compress(h, words.subarray(block, block + 16))
  const out = new Uint8Array(32)
  for (let i = 0; i < 32; i += 1) out[i] = h[i >> 2]! >>> (24 - 8 * (i & 3))
  return out
}

/** Made once: a cluster has a name to hash for each Service and endpoint. */
const w = new Uint32Array(64)
function compress(h: Uint32Array, block: Uint32Array): void {
  w.set(block)
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15]!
    const y = w[i - 2]!
    w[i] =
      w[i - 16]! +
      (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) +
      w[i - 7]! +
      (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10))
  }
  let [a, b, c, d, e, f, g, last] = [h[0]!, h[1]!, h[2]!, h[3]!, h[4]!, h[5]!, h[6]!, h[7]!]
  for (let i = 0; i < 64; i += 1) {
    const one =
      (last +
        (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
        ((e & f) ^ (~e & g)) +
        K[i]! +
        w[i]!) |
      0
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    last = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  h[0]! += a
  h[1]! += b
  h[2]! += c
  h[3]! += d
  h[4]! += e
  h[5]! += f
  h[6]! += g
  h[7]! += last
}

function rotate(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n))
}

/** The first 32 bits behind the point: the constants are those of roots of the first primes. */
function fraction(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32)
}

const PRIMES: readonly number[] = Array.from({ length: 310 }, (_, i) => i + 2).filter((n, _, all) =>
  all.every((d) => d >= n || d * d > n || n % d !== 0),
)
const START = Uint32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)))
const K = Uint32Array.from(PRIMES.slice(0, 64), (p) => fraction(Math.cbrt(p)))

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The first `count` characters of the base32 form (RFC 4648), five bits each. */
export function base32(bytes: Uint8Array, count: number): string {
  let text = ''
  for (let i = 0; i < count; i += 1) {
    const at = i * 5
    // Five bits lie in two bytes at most.
    const two = (bytes[at >> 3]! << 8) | (bytes[(at >> 3) + 1] ?? 0)
    text += BASE32[(two >> (11 - (at & 7))) & 31]
  }
  return text
}
