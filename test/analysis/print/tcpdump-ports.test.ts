import { expect, it } from 'vitest'
import { tcpWords, udpWords } from '#lib/analysis/print/tcpdump-ports.ts'
import { NO_BYTES } from '#lib/wire/packet.ts'

const counting = (n: number, from = 0): Uint8Array =>
  Uint8Array.from({ length: n }, (_, i) => from + i)

it('a segment on a port that tcpdump reads has its word, at either end', () => {
  expect([tcpWords(40000, 80, counting(33)), tcpWords(8080, 40000, counting(33))]).toEqual([
    ': HTTP',
    ': HTTP',
  ])
  expect(tcpWords(40000, 9999, counting(33))).toBe('')
  expect(tcpWords(40000, 80, NO_BYTES)).toBe('')
})
it('where the words depend on the bytes, a bracket of ours says so', () => {
  expect(tcpWords(40000, 53, counting(33))).toMatch(/^ \[that tcpdump reads as DNS; /)
  expect(tcpWords(40000, 25, counting(33, 0x41))).toMatch(/^ \[that tcpdump reads as SMTP; /)
  expect(tcpWords(40000, 25, counting(33))).toBe(': SMTP')
})
it('a datagram has its length, or the bracket', () => {
  expect(udpWords(40000, 9999, 32)).toBe('UDP, length 32')
  expect(udpWords(40000, 123, 48)).toMatch(/^\[48 bytes that tcpdump reads as NTP; /)
  // HSRP is read by its destination only.
  expect(udpWords(1985, 9999, 32)).toBe('UDP, length 32')
  expect([udpWords(40000, 300, 2), udpWords(40000, 300, 3)]).toEqual([
    'UDP, length 2',
    expect.stringContaining('AppleTalk'),
  ])
})
