/** SHA-512 of ASCII text as hex (FIPS 180-4). For names only: CNI plugins call their chains by the beginning of one. A library of hashes would weigh more than a page has left. */
export function sha512(text: string): string {
  const length = text.length
  const bytes = new Uint8Array((((length + 16) >> 7) + 1) * 128)
  for (let i = 0; i < length; i += 1) bytes[i] = text.charCodeAt(i)
  bytes[length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 4, length * 8)
  const { k, start } = (constants ??= made())
  let h = start
  for (let block = 0; block < bytes.length; block += 128) h = compress(h, view, block, k)
  return h.map((x) => x.toString(16).padStart(16, '0')).join('')
}

const wrap = (x: bigint): bigint => BigInt.asUintN(64, x)

function rotate(x: bigint, n: bigint): bigint {
  return wrap((x >> n) | (x << (64n - n)))
}

function compress(
  h: readonly bigint[],
  view: DataView,
  block: number,
  k: readonly bigint[],
): bigint[] {
  const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(block + i * 8))
  for (let i = 16; i < 80; i += 1) {
    const x = w[i - 15]!
    const y = w[i - 2]!
    w.push(
      wrap(
        w[i - 16]! +
          (rotate(x, 1n) ^ rotate(x, 8n) ^ (x >> 7n)) +
          w[i - 7]! +
          (rotate(y, 19n) ^ rotate(y, 61n) ^ (y >> 6n)),
      ),
    )
  }
  let [a, b, c, d, e, f, g, last] = h as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  for (let i = 0; i < 80; i += 1) {
    const one =
      last +
      (rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n)) +
      ((e & f) ^ (~e & g)) +
      k[i]! +
      w[i]!
    const two = (rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))
    last = g
    g = f
    f = e
    e = wrap(d + one)
    d = c
    c = b
    b = a
    a = wrap(one + two)
  }
  return [a, b, c, d, e, f, g, last].map((x, i) => wrap(x + h[i]!))
}

interface Constants {
  readonly k: readonly bigint[]
  readonly start: readonly bigint[]
}
/** Most worlds need no such name. */
let constants: Constants | undefined

/** The first 64 bits behind the point of roots of the first primes. */
function made(): Constants {
  const primes = Array.from({ length: 408 }, (_, i) => i + 2)
    .filter((n, _, all) => all.every((d) => d >= n || n % d !== 0))
    .map(BigInt)
  return {
    k: primes.slice(0, 80).map((p) => wrap(root(p << 192n, 3n))),
    start: primes.slice(0, 8).map((p) => wrap(root(p << 128n, 2n))),
  }
}

/** The whole part of the n-th root, by Newton's method from above. */
function root(x: bigint, n: bigint): bigint {
  let r = 1n << BigInt(Math.ceil(x.toString(2).length / Number(n)))
  for (;;) {
    const next = ((n - 1n) * r + x / r ** (n - 1n)) / n
    if (next >= r) return r
    r = next
  }
}
