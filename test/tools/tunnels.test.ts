import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { walk } from '#lib/walk/walk.ts'
import { networkOf, TUNNEL_CASES, TUNNELS, type TunnelName } from '../verify/tunnel-rows.ts'
import { LINK, pcap } from './pcap.ts'

/* What Wireshark's dissectors make of tunnels, asked of tshark where it is installed. */

const tshark = spawnSync('tshark', ['--version']).status === 0
const KEPT = ['1.1', '1.2', '1.4: M + 1 bytes, no DF', '1.5: b’s tunnel device down']

/** Every frame that a machine's link shows in some cases of this tunnel, dissected; checksums are looked at. */
function dissected(tunnel: TunnelName): readonly (readonly string[])[] {
  const packets = TUNNEL_CASES.filter(
    (c) => c.tunnel === tunnel && KEPT.some((k) => c.what.startsWith(k)),
  ).flatMap((c) =>
    walk(networkOf(c), c.flow).frames.flatMap((f) => (f.dev.startsWith('eth') ? [f.packet] : [])),
  )
  const dir = mkdtempSync(join(tmpdir(), 'tunnels-'))
  try {
    const file = join(dir, 'walk.pcap')
    writeFileSync(file, pcap(packets, LINK.ethernet))
    const fields = ['frame.protocols', '_ws.malformed', '_ws.expert.message']
    const out = execFileSync(
      'tshark',
      [
        '-r',
        file,
        '-T',
        'fields',
        '-E',
        'separator=|',
        ...['ip', 'udp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]),
        ...fields.flatMap((f) => ['-e', f]),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
    return out
      .split('\n')
      .filter((l) => l !== '')
      .map((l) => l.split('|'))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** What stands between the outer IP header and the echo, by the kind of device. */
const BETWEEN: Readonly<Record<string, string>> = {
  ipip: 'ip',
  gre: 'gre:ip',
  gretap: 'gre:eth:ethertype:ip',
  geneve: 'udp:geneve:eth:ethertype:ip',
}
const kindOf = (tunnel: TunnelName): string =>
  TUNNELS[tunnel].row({ local: '', remote: '', mac: '02:00:00:00:00:01' }).kind!

it.skipIf(!tshark).each(Object.keys(TUNNELS) as TunnelName[])(
  '%s: tshark reads every frame without complaint',
  (tunnel) => {
    const all = dissected(tunnel)
    expect(all.length).toBeGreaterThan(40)
    // That an echo has no answer, or a ping none is said of what is no fault of the frame.
    const said = all
      .flatMap(([, malformed, expert]) => [malformed!, expert!])
      .filter((x) => x !== '')
    expect(said.filter((x) => !/response not found|No response seen/i.test(x))).toEqual([])
    expect(all.map(([protocols]) => protocols)).toContain(
      `eth:ethertype:ip:${BETWEEN[kindOf(tunnel)]}:icmp:data`,
    )
  },
  60_000,
)
