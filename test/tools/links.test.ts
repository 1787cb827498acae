import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tcpdump } from '#lib/index.ts'
import type { Packet } from '#lib/wire/packet.ts'
import { see } from '../facts/see.ts'
import { TRUNK } from '../verify/link-rows.ts'
import { LINK, pcap } from './pcap.ts'

/* What tools that read captures make of frames with a tag. */

const tagged = [
  see('lan', 'ping', { edits: TRUNK, cold: true }),
  see('lan', 'frontend-1-to-backend-2', { edits: TRUNK }),
  see('lan', 'large-no-df', { edits: TRUNK }),
].flatMap((w) =>
  w.frames.map((f) => f.packet).filter((p) => p.headers.some((h) => h.kind === 'vlan')),
)

function read(packets: readonly Packet[], tool: string, args: readonly string[]): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'links-'))
  try {
    writeFileSync(join(dir, 'p.pcap'), pcap(packets, LINK.ethernet))
    return execFileSync(tool, ['-r', join(dir, 'p.pcap'), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\n')
      .filter((l) => l !== '')
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0

describe('a frame of a VLAN', () => {
  it.skipIf(!has('tshark'))('is one to tshark, and nothing of it malformed', () => {
    const said = read(tagged, 'tshark', [
      '-n',
      '-T',
      'fields',
      ...['vlan.id', 'vlan.priority', '_ws.malformed'].flatMap((f) => ['-e', f]),
    ])
    expect(said).toHaveLength(tagged.length)
    expect(new Set(said)).toEqual(new Set(['100\t0\t']))
  })
  it.skipIf(!has('tcpdump'))('is worded as tcpdump words it', () =>
    expect(tagged.map(tcpdump)).toEqual(read(tagged, 'tcpdump', ['-ntS'])),
  )
})
