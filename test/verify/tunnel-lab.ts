import type { Mac } from '#lib/wire/addr.ts'
import { fromFile } from '#lib/topology/file.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { Neigh, Route, Sysctl } from '#lib/topology/rows.ts'
import type { Topology } from '#lib/topology/topology.ts'

/* c – a – r – b – d: a tunnel from a to b, and a router between them that knows nothing of what is inside. The network in which section 1 of the facts was measured. */

type Row = Partial<Dev> & Record<string, unknown>
/** The tunnel device of a or b: its own fields; `local` and `remote` are the two outer addresses. */
export type TunnelRow = (at: {
  readonly local: string
  readonly remote: string
  readonly mac: Mac
}) => Row

const mac = (n: number): Mac => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`

/** A link of two ends with an address each, known to each other. */
interface Side {
  readonly netns: string
  readonly dev: string
  readonly ip: string
  readonly mac: Mac
}
const LINKS: readonly (readonly [Side, Side])[] = [
  [
    { netns: 'c', dev: 'eth0', ip: '10.8.1.2', mac: mac(0x12) },
    { netns: 'a', dev: 'eth1', ip: '10.8.1.1', mac: mac(0x11) },
  ],
  [
    { netns: 'a', dev: 'eth0', ip: '192.168.9.1', mac: mac(0x91) },
    { netns: 'r', dev: 'eth0', ip: '192.168.9.254', mac: mac(0x9f) },
  ],
  [
    { netns: 'r', dev: 'eth1', ip: '192.168.10.254', mac: mac(0xaf) },
    { netns: 'b', dev: 'eth0', ip: '192.168.10.2', mac: mac(0xa2) },
  ],
  [
    { netns: 'b', dev: 'eth1', ip: '10.8.2.1', mac: mac(0x21) },
    { netns: 'd', dev: 'eth0', ip: '10.8.2.2', mac: mac(0x22) },
  ],
]

const route = (dst: string, dev: string, via?: string, more: object = {}): Route =>
  ({ table: 'main', dst, dev, ...(via === undefined ? {} : { via }), ...more }) as Route
const network = (ip: string): string => ip.replace(/\.\d+$/, '.0')
const connected = ({ ip, dev }: Side): Route =>
  ({ ...route(`${network(ip)}/24`, dev), proto: 'kernel', scope: 'link', src: ip }) as Route

const ROUTES: Readonly<Record<string, readonly Route[]>> = {
  c: [route('0.0.0.0/0', 'eth0', '10.8.1.1')],
  d: [route('0.0.0.0/0', 'eth0', '10.8.2.1')],
  a: [route('192.168.10.0/24', 'eth0', '192.168.9.254')],
  b: [route('192.168.9.0/24', 'eth0', '192.168.10.254')],
  r: [],
}
const OUTER = { a: '192.168.9.1', b: '192.168.10.2' } as const
/** The tunnel’s own addresses, and who is behind its other end. */
const INNER = {
  a: { ip: '10.8.0.1', peer: '10.8.0.2', far: '10.8.2.0/24' },
  b: { ip: '10.8.0.2', peer: '10.8.0.1', far: '10.8.1.0/24' },
} as const

/** The network with these tunnel devices; without, plain routes. Who has Ethernet inside knows its peer. */
export function tunnelLab(row: TunnelRow | null, { bits = 30 } = {}): Topology {
  const spaces = ['c', 'a', 'r', 'b', 'd'].map((name) => {
    const sides = LINKS.flatMap((l) =>
      l.flatMap((s, i) => (s.netns === name ? [[s, l[1 - i]!] as const] : [])),
    )
    const end = name === 'a' || name === 'b' ? name : null
    const made = row === null || end === null ? null : tunnelOf(row, end)
    const forwards: Sysctl = {
      key: 'net.ipv4.ip_forward',
      value: name === 'c' || name === 'd' ? 0 : 1,
    }
    return {
      kind: 'netns',
      name,
      node: name,
      role: name === 'c' || name === 'd' ? 'pod' : 'node',
      devs: [
        {
          kind: 'loopback',
          name: 'lo',
          mac: '00:00:00:00:00:00',
          mtu: 65536,
          up: true,
          addrs: ['127.0.0.1/8'],
        },
        ...(made?.name === 'tunl0' ? [{ ...made, addrs: [`${INNER[end!].ip}/32`] }] : []),
        ...sides.map(([s, far]) => ({
          kind: 'veth',
          name: s.dev,
          mac: s.mac,
          mtu: 1500,
          up: true,
          addrs: [`${s.ip}/24`],
          peer: { netns: far.netns, dev: far.dev },
        })),
        ...(made === null || made.name === 'tunl0'
          ? []
          : [{ ...made, addrs: [`${INNER[end!].ip}/${bits}`] }]),
      ],
      routes: [
        ...sides.map(([s]) => connected(s)),
        ...(ROUTES[name] ?? []),
        ...(made === null ? plain(name) : inside(made, end!, bits)),
      ],
      neigh: [
        ...sides.map(([s, far]): Neigh => ({
          ip: far.ip as never,
          dev: s.dev,
          lladdr: far.mac,
          state: 'PERMANENT',
        })),
        ...(made?.mac === undefined || made.mac === '00:00:00:00:00:00'
          ? []
          : [
              {
                ip: INNER[end!].peer,
                dev: made.name,
                lladdr: innerMac(end === 'a' ? 'b' : 'a'),
                state: 'PERMANENT',
              },
            ]),
      ],
      sysctls: [forwards, { key: 'net.ipv4.icmp_ratelimit', value: 0 }],
    }
  })
  const read = fromFile({ 'packet-walk-topology': 1, spaces })
  if ('problems' in read)
    throw new Error(read.problems.map((p) => `${p.path}: ${p.message}`).join('\n'))
  return read.topology
}

const innerMac = (end: 'a' | 'b'): Mac => mac(end === 'a' ? 0x01 : 0x02)

function tunnelOf(row: TunnelRow, end: 'a' | 'b'): Row & { readonly name: string } {
  const [local, remote] = [OUTER[end], OUTER[end === 'a' ? 'b' : 'a']]
  return {
    name: 'tun1',
    up: true,
    mac: '00:00:00:00:00:00',
    ...row({ local, remote, mac: innerMac(end) }),
  } as Row & { readonly name: string }
}

function inside(
  made: Row & { readonly name: string },
  end: 'a' | 'b',
  bits: number,
): readonly Route[] {
  const { ip, peer, far } = INNER[end]
  if (made.name === 'tunl0')
    return [route(far, 'tunl0', OUTER[end === 'a' ? 'b' : 'a'], { onlink: true })]
  const own = route(`10.8.0.0/${bits}`, made.name, undefined, {
    proto: 'kernel',
    scope: 'link',
    src: ip,
  })
  return [
    own,
    made.mac === '00:00:00:00:00:00'
      ? route(far, made.name, undefined, { scope: 'link' })
      : route(far, made.name, peer),
  ]
}

/** What takes the tunnel's place where there is none. */
function plain(name: string): readonly Route[] {
  const to = (net: 1 | 2, via: string, dev: string): Route => route(`10.8.${net}.0/24`, dev, via)
  if (name === 'a') return [to(2, '192.168.9.254', 'eth0')]
  if (name === 'b') return [to(1, '192.168.10.254', 'eth0')]
  return name === 'r' ? [to(1, '192.168.9.1', 'eth0'), to(2, '192.168.10.2', 'eth1')] : []
}
