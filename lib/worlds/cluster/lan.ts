import { addressOf, cidr, macOf, parseCidr, type Address, type Cidr } from '#lib/wire/addr.ts'
import { addressAfter, firstOf, nth } from '#lib/wire/range.ts'
import { by } from '#lib/worlds/by.ts'
import { connected, forwarding } from './parts.ts'
import type { Patch, Rows } from './patch.ts'
import { LAN_GATEWAY, nodeMac, SWITCH, type HostSpec, type Node } from './spec.ts'

/* A plain network between machines: one switch, a cable to each machine, and a gateway on the first address, as at home. Nobody between the
   machines asks whose addresses a packet has, and nobody translates. */

const PREPARED = by('person', 'node-prepared')

/** What is plugged in. Of several networks on one switch the gateway has the first address of each: it is the only way between them. */
export interface Lan {
  readonly prefixes: readonly Cidr[]
  readonly mtu: number
  readonly machines: readonly Node[]
  readonly hosts: readonly HostSpec[]
}

/** The spaces that a plain network adds to those of its machines and hosts. */
export const lanNames: readonly string[] = [SWITCH, LAN_GATEWAY]

type Dev = NonNullable<Rows['devs']>[number]
const written = (space: string, rows: Rows): Patch => ({ in: space, by: PREPARED, rows })
/** The gateway has the first port, machines have the next ones in their order. */
const portOf = (index: number): string => `port${index + 1}`
/** The gateway's way to a host outside: a link for each. */
const linkOf = (index: number): string => `eth${index + 1}`

function end(
  name: string,
  d: Pick<Extract<Dev, { kind: 'veth' }>, 'mac' | 'mtu' | 'addrs' | 'peer' | 'master'>,
): Dev {
  return { kind: 'veth', name, up: true, ...d }
}

/** eth0 of a machine: one end of a cable, the other in the switch. */
export function plugged(n: Node, bits: number): Patch {
  const peer = { netns: SWITCH, dev: portOf(n.index + 1) }
  const addrs = [cidr(n.ip, bits)]
  return written(n.name, { devs: [end('eth0', { mac: nodeMac(n), mtu: n.mtu, addrs, peer })] })
}

/** The default route that whoever set the machine up wrote. */
export function lanDefault(space: string, via: Address): Patch {
  return written(space, { routes: [{ table: 'main', dst: '0.0.0.0/0', via, dev: 'eth0' }] })
}

/** A host outside, on a link to the gateway. */
export function upstream(h: HostSpec, index: number): readonly Patch[] {
  const address = cidr(h.ip, 24)
  const via = addressAfter(firstOf(address), 1)
  const peer = { netns: LAN_GATEWAY, dev: linkOf(index) }
  return [
    written(h.name, {
      devs: [end('eth0', { mac: macOf(h.ip, '06:00'), mtu: 1500, addrs: [address], peer })],
    }),
    lanDefault(h.name, via),
    connected(h.name, 'eth0', address),
  ]
}

/** The rows of the switch or of the gateway. */
export function lanPatches(name: string, lan: Lan): readonly Patch[] {
  return name === SWITCH ? switched(lan) : gateway(lan)
}

/** A switch: a bridge without an address, whose packets no iptables sees. */
function switched({ prefixes, mtu, machines }: Lan): readonly Patch[] {
  const router = nth(prefixes[0]!, 1)
  const cables = [
    { netns: LAN_GATEWAY, ip: router },
    ...machines.map((n) => ({ netns: n.name, ip: n.ip })),
  ]
  return [
    written(SWITCH, {
      devs: [
        { kind: 'bridge', name: 'br0', mac: '0c:00:00:00:00:01', mtu, up: true, addrs: [] },
        ...cables.map(({ netns, ip }, i) =>
          end(portOf(i), {
            mac: macOf(ip, '0c:01'),
            mtu,
            addrs: [],
            peer: { netns, dev: 'eth0' },
            master: 'br0',
          }),
        ),
      ],
      sysctls: [{ key: 'net.bridge.bridge-nf-call-iptables', value: 0 }],
    }),
  ]
}

/** The gateway knows the switch's networks and the links outside, and nothing of pods. */
function gateway({ prefixes, mtu, hosts }: Lan): readonly Patch[] {
  const inner = prefixes.map((p) => cidr(nth(p, 1), parseCidr(p).bits))
  const links = hosts.map((h, i) => ({
    dev: linkOf(i),
    peer: h.name,
    host: cidr(h.ip, 32),
    // A /32 each: two hosts may be of one /24, on links of their own.
    address: cidr(addressAfter(firstOf(cidr(h.ip, 24)), 1), 32),
  }))
  return [
    written(LAN_GATEWAY, {
      devs: [
        end('eth0', {
          mac: macOf(addressOf(inner[0]!), '0e:00'),
          mtu,
          addrs: inner,
          peer: { netns: SWITCH, dev: portOf(0) },
        }),
        ...links.map(({ dev, peer, address }) =>
          end(dev, {
            mac: macOf(addressOf(address), '06:00'),
            mtu: 1500,
            addrs: [address],
            peer: { netns: peer, dev: 'eth0' },
          }),
        ),
      ],
    }),
    forwarding(LAN_GATEWAY),
    ...inner.map((address) => connected(LAN_GATEWAY, 'eth0', address)),
    written(LAN_GATEWAY, {
      routes: links.map(({ dev, host }) => ({ table: 'main', dst: host, dev, scope: 'link' })),
    }),
  ]
}
