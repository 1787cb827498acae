import { describe, expect, it } from 'vitest'
import { capture, tcpdump, type Packet } from '#lib/index.ts'
import { find, rewrite } from '#lib/wire/packet.ts'
import { framesOf, see } from '../../facts/see.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const http = (id: string) =>
  Object.entries(SCENARIOS[id]!.flows).find(([, f]) => f.proto === 'tcp')![0]

describe('tcpdump -ntS', () => {
  const ping = (id: string) =>
    see(id, Object.entries(SCENARIOS[id]!.flows).find(([, f]) => f.proto === 'icmp')![0], {
      cold: true,
    })
  it.each([
    [
      'flannel-vxlan',
      'web-app-frontend-1',
      'eth0',
      0,
      'ARP, Request who-has 10.1.15.1 tell 10.1.15.2, length 28',
    ],
    [
      'flannel-vxlan',
      'web-app-frontend-1',
      'eth0',
      1,
      'ARP, Reply 10.1.15.1 is-at 02:42:aa:00:00:01, length 28',
    ],
    [
      'flannel-vxlan',
      'web-app-frontend-1',
      'eth0',
      2,
      'IP 10.1.15.2 > 10.1.20.3: ICMP echo request, id 1, seq 1, length 64',
    ],
    [
      'flannel-vxlan',
      'web-app-frontend-1',
      'eth0',
      3,
      'IP 10.1.20.3 > 10.1.15.2: ICMP echo reply, id 1, seq 1, length 64',
    ],
  ] as const)('%s, %s/%s, frame %i', (id, ns, dev, n, line) => {
    expect(tcpdump(ping(id).frames.filter((f) => f.in === ns && f.dev === dev)[n]!.packet)).toBe(
      line,
    )
  })
  it('calls port 8472 OTV and shows the packet inside on a line of its own', () => {
    const f = framesOf(ping('flannel-vxlan'), 'echo request').find(
      (x) => x.in === 'node-1' && x.dev === 'eth0',
    )!
    expect(tcpdump(f.packet)).toMatch(
      /^IP 192\.168\.0\.100\.\d+ > 192\.168\.0\.200\.8472: OTV, flags \[I\] \(0x08\), overlay 0, instance 1\nIP 10\.1\.15\.2 > 10\.1\.20\.3: ICMP echo request, id 1, seq 1, length 64$/,
    )
  })
  it('words segments of TCP', () => {
    const w = see('flannel-vxlan', http('flannel-vxlan'))
    const at = (label: string): string => tcpdump(framesOf(w, label)[0]!.packet)
    expect(at('SYN')).toMatch(
      /^IP 10\.1\.15\.2\.\d+ > 10\.1\.20\.3\.8080: Flags \[S\], seq \d+, win 64860, options \[mss 1410,sackOK,TS val \d+ ecr 0,nop,wscale 7\], length 0$/,
    )
    expect(at('SYN-ACK')).toMatch(/Flags \[S\.\], seq \d+, ack \d+, win /)
    expect(at('request')).toMatch(
      /Flags \[P\.\], seq (\d+):\d+, ack \d+, win 502, options \[nop,nop,TS val \d+ ecr \d+\], length 33: HTTP$/,
    )
    expect(at('FIN')).toMatch(/Flags \[F\.\], seq \d+, ack \d+/)
    const tcp = find(framesOf(w, 'ACK')[0]!.packet, 'tcp')!
    const told = tcpdump(
      rewrite(framesOf(w, 'ACK')[0]!.packet, 'tcp', {
        options: [
          ...tcp.options,
          { kind: 'nop' },
          { kind: 'nop' },
          {
            kind: 'sack',
            blocks: [
              [5, 9],
              [20, 30],
            ],
          },
        ],
      }),
    )
    expect(told).toMatch(
      /options \[nop,nop,TS val \d+ ecr \d+,nop,nop,sack 2 \{5:9\}\{20:30\}\], length 0$/,
    )
  })
  it('words errors', () => {
    const dead = see('flannel-vxlan', http('flannel-vxlan'), {
      flow: { proto: 'udp', dport: 5999, size: 9 },
    })
    expect(
      tcpdump(dead.frames.find((f) => dead.messages[f.message]?.kind === 'error')!.packet),
    ).toBe('IP 10.1.20.3 > 10.1.15.2: ICMP 10.1.20.3 udp port 5999 unreachable, length 45')
    const short = see('flannel-vxlan', http('flannel-vxlan'), {
      flow: { proto: 'icmp', dport: 0, size: 56, ttl: 1 },
    })
    expect(
      tcpdump(short.frames.find((f) => short.messages[f.message]?.kind === 'error')!.packet),
    ).toBe('IP 10.1.15.1 > 10.1.15.2: ICMP time exceeded in-transit, length 92')
  })
  it('names a later fragment by the number of its protocol alone: -n', () => {
    const p: Packet = {
      headers: [
        {
          kind: 'ipv4',
          src: '10.1.15.2',
          dst: '10.1.20.3',
          ttl: 64,
          id: 1,
          df: false,
          mf: false,
          offset: 1480,
          tos: 0,
          proto: 17,
        },
      ],
      payload: new Uint8Array(8),
    }
    expect(tcpdump(p)).toBe('IP 10.1.15.2 > 10.1.20.3: ip-proto-17')
  })
  it('reads of a first fragment what is there: ports and length of the whole datagram', () => {
    const big = see('flannel-vxlan', http('flannel-vxlan'), {
      flow: { proto: 'udp', sport: 48785, dport: 9999, size: 3000, df: false },
    })
    expect(tcpdump(framesOf(big, 'datagram')[0]!.packet)).toBe(
      'IP 10.1.15.2.48785 > 10.1.20.3.9999: UDP, length 3000',
    )
  })
  it('says of a refused ping what tcpdump takes for a port: the checksum', () => {
    const edits = [
      {
        op: 'add',
        in: 'backend-service-2',
        table: 'netfilter',
        row: {
          table: 'filter',
          chain: 'INPUT',
          target: { type: 'REJECT', with: 'icmp-port-unreachable' },
        },
      },
    ] as const
    const w = see('flannel-vxlan', 'ping', { edits })
    expect(tcpdump(w.frames.find((f) => w.messages[f.message]?.kind === 'error')!.packet)).toMatch(
      /^IP 10\.1\.20\.3 > 10\.1\.15\.2: ICMP 10\.1\.20\.3 protocol 1 port \d{2,5} unreachable, length 92$/,
    )
  })
  it('names the command that shows these lines; a bridge is not to become promiscuous', () => {
    const t = SCENARIOS['docker-bridge']!.topology
    expect(capture(t, { in: 'node-1', dev: 'eth0' })).toEqual({
      command: 'tcpdump -ntS -i eth0',
      note: null,
    })
    expect(capture(t, { in: 'node-1', dev: 'docker0' }).command).toBe('tcpdump -ntpS -i docker0')
    expect(capture(t, { in: 'node-1', dev: 'docker0' }).note).toContain('Without -p')
  })
})
