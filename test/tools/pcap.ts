import { spawnSync } from 'node:child_process'
import { encode, type Packet } from '#lib/index.ts'

/* Packets of ours as tcpdump reads them from a file: what it prints of each. */

export const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
/** Debian 12's: the words are those of its printers. */
export const VERSION = '4.99.3'

/** Why tcpdump's words cannot be asked here; null if they can. */
export function noTcpdump(): string | null {
  const r = spawnSync('tcpdump', ['--version'], { encoding: 'utf8', env: { ...process.env, PATH } })
  if (r.error !== undefined) return 'tcpdump is not installed'
  const version = /^tcpdump version (\S+)/m.exec(`${r.stdout}${r.stderr}`)?.[1] ?? '?'
  return version === VERSION
    ? null
    : `this is tcpdump ${version}, not Debian 12's ${VERSION}, whose words these are`
}

/** LINKTYPE_ETHERNET, LINKTYPE_RAW. */
export const LINK = { ethernet: 1, raw: 101 } as const

/** The old format (draft-ietf-opsawg-pcap): a header of 24 bytes, then 16 bytes before each packet; all times are 0. */
export function pcap(packets: readonly Packet[], link: number): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(1 << 18, 16)
  head.writeUInt32LE(link, 20)
  return Buffer.concat([
    head,
    ...packets.flatMap((p) => {
      const bytes = encode(p)
      const before = Buffer.alloc(16)
      before.writeUInt32LE(bytes.length, 8)
      before.writeUInt32LE(bytes.length, 12)
      return [before, Buffer.from(bytes)]
    }),
  ])
}

function readAs(packets: readonly Packet[], link: number): string[] {
  if (packets.length === 0) return []
  // Numbered, because a packet may have several lines.
  const r = spawnSync('tcpdump', ['-ntS', '--number', '-r', '-'], {
    input: pcap(packets, link),
    encoding: 'latin1',
    env: { ...process.env, PATH },
    maxBuffer: 1 << 28,
    timeout: 60_000,
  })
  if (r.status !== 0) throw new Error(`tcpdump: ${r.error?.message ?? r.stderr}`)
  return r.stdout
    .replace(/\n$/, '')
    .split(/^ *\d+ {2}(?=\S)/m)
    .slice(1)
    .map((x) => x.replace(/\n$/, ''))
}

/** What tcpdump prints of each, in order. */
export function read(packets: readonly Packet[]): string[] {
  const framed = packets.map((p) => p.headers[0]?.kind === 'ethernet')
  const said = {
    ethernet: readAs(
      packets.filter((_, i) => framed[i]),
      LINK.ethernet,
    ),
    raw: readAs(
      packets.filter((_, i) => !framed[i]),
      LINK.raw,
    ),
  }
  const all = framed.map((f) => (f ? said.ethernet : said.raw).shift() ?? '')
  if (said.ethernet.length + said.raw.length > 0)
    throw new Error('tcpdump: more packets than were given')
  return all
}
