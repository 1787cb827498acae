/** SHA-1 of ASCII text as hex (RFC 3174). For names only: the VPC CNI calls a veth by the first 11 digits. */
export function sha1(text: string): string {
  const length = text.length
  const words = new Uint32Array((((length + 8) >> 6) + 1) * 16)
  for (let i = 0; i < length; i += 1) words[i >> 2]! |= text.charCodeAt(i) << (24 - (i & 3) * 8)
  words[length >> 2]! |= 0x80 << (24 - (length & 3) * 8)
  words[words.length - 1] = length * 8
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n))
  for (let block = 0; block < words.length; block += 16) {
    const w = new Uint32Array(80)
    for (let i = 0; i < 80; i += 1)
      w[i] = i < 16 ? words[block + i]! : rotate(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1)
    let [a, b, c, d, e] = h as [number, number, number, number, number]
    for (let i = 0; i < 80; i += 1) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6]
      const t = (rotate(a, 5) + f + e + k + w[i]!) | 0
      e = d
      d = c
      c = rotate(b, 30)
      b = a
      a = t
    }
    for (const [i, v] of [a, b, c, d, e].entries()) h[i] = (h[i]! + v) | 0
  }
  return h.map((x) => (x >>> 0).toString(16).padStart(8, '0')).join('')
}
