/* --tcp-flags: names of the bits that a TCP header has (tcp.h), in the order in which iptables prints them. */

const BITS: readonly (readonly [name: string, bit: number])[] = [
  ['FIN', 1],
  ['SYN', 2],
  ['RST', 4],
  ['PSH', 8],
  ['ACK', 16],
  ['URG', 32],
]
const ALL = 63

function bitsOf(list: string): number | null {
  if (list === 'NONE') return 0
  if (list === 'ALL') return ALL
  return list.split(',').reduce<number | null>((sum, name) => {
    const bit = BITS.find(([n]) => n === name)?.[1]
    return sum === null || bit === undefined ? null : sum | bit
  }, 0)
}

/** Is this `MASK SET`, as --tcp-flags takes them? */
export function isTcpFlags(text: string): boolean {
  const parts = text.split(' ')
  return parts.length === 2 && parts.every((p) => bitsOf(p) !== null)
}

/** The bits that are looked at, and those of them that are to be set; none of what is no `MASK SET`. */
export function flagsOf(text: string): readonly [mask: number, set: number] {
  const [mask = 'NONE', set = 'NONE'] = text.split(' ')
  return [bitsOf(mask) ?? 0, bitsOf(set) ?? 0]
}

/** The names of bits, as iptables-save writes them. */
export function named(bits: number): string {
  return bits === 0
    ? 'NONE'
    : BITS.filter(([, bit]) => (bits & bit) !== 0)
        .map(([name]) => name)
        .join(',')
}
