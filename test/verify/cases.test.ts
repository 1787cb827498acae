import { describe, expect, it } from 'vitest'
import { brief } from '#lib/analysis/agree.ts'
import { check } from '#lib/cli/check.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { walk } from '#lib/engine/walk.ts'
import { resolveFlow, type FlowQuestion } from '#lib/scenarios/resolve.ts'
import { parseCluster } from '#lib/scenarios/cluster-text.ts'
import type { Walk } from '#lib/trace/walk.ts'

/* Small clusters in which the walk and the kernel once differed: each is a kind. How the flow ends is written out, and this kernel is asked. */

const a = ability()
if (a.cannot !== null) {
  if (process.env['CI'] !== undefined) throw new Error(`cases: this machine cannot be asked: ${a.cannot}`)
  console.warn(`SKIPPED: no case was shown to a kernel: ${a.cannot}`)
}

interface Case { readonly what: string; readonly file: string; readonly ask: FlowQuestion; readonly ends: string }

const nodes = (network: string, more = ''): string => `{ packet-walk: 1, network: ${network}, nodes: [{ name: n1 }, { name: n2 }], pods: [{ name: a, node: n1 }, { name: b, node: n2 }]${more} }`
const one = (network: string, edits: string, more = ''): string => `{ packet-walk: 1, network: ${network}, nodes: [{ name: n1 }], pods: [{ name: a, node: n1 }, { name: b, node: n1 }]${more}, edits: [${edits}] }`
const sysctl = (name: string, key: string, value: number): string => `{ op: add, in: ${name}, table: sysctls, row: { key: ${key}, value: ${value} } }`
const route = (name: string, row: string): string => `{ op: add, in: ${name}, table: routes, row: { table: main, ${row} } }`
/** Calico's way: a gateway that nobody has, answered for by the host. */
const proxied = (value: number, more = ''): string => one('docker-bridge', [
  '{ op: del, in: a, table: routes, where: { dst: 0.0.0.0/0 } }', route('a', 'dst: 169.254.1.1/32, dev: eth0, scope: link'), route('a', 'dst: 0.0.0.0/0, via: 169.254.1.1, dev: eth0'), sysctl('n1', 'net.ipv4.conf.docker0.proxy_arp', value),
].join(', ') + more)

const CASES: readonly Case[] = [
  { what: 'MASQUERADE over lo takes another device’s address', file: one('docker-bridge', ''), ask: { from: 'n1', to: '172.17.0.1' }, ends: 'delivered' },
  { what: 'an ICMP error is no larger than the way back takes', file: one('docker-bridge', '{ op: set, in: a, table: devs, where: { name: eth0 }, to: { mtu: 560 } }'), ask: { from: 'n1', to: 'a:9', proto: 'udp', size: 535 }, ends: 'no-socket in a, ICMP 3/3' },
  { what: 'what a bridge put together and hands up leaves whole', file: one('flannel-udp', ''), ask: { from: 'a', to: '8.8.8.8', size: 1460 }, ends: 'vpc-unknown-address in vpc' },
  { what: 'a tunnel’s source port hashes the protocol', file: nodes('flannel-vxlan'), ask: { from: 'a', to: 'b:54', proto: 'udp', size: 1500 }, ends: 'no-socket in b, ICMP 3/3' },
  { what: 'an ARP question updates who asks himself', file: one('flannel-host-gw', '{ op: del, in: a, table: rules, where: { priority: 0 } }', ', bridge: cni0, hairpin: true'), ask: { from: 'a', to: 'a' }, ends: 'forwarding-off in a' },
  { what: 'no rules: no table is asked', file: one('docker-bridge', [0, 32766, 32767].map((p) => `{ op: del, in: a, table: rules, where: { priority: ${p} } }`).join(', ')), ask: { from: 'a', to: 'a' }, ends: 'no-route in a' },
  { what: 'forwarding of one device', file: nodes('flannel-vxlan', `, edits: [${sysctl('n1', 'net.ipv4.conf.docker0.forwarding', 0)}]`), ask: { from: 'a', to: 'b' }, ends: 'forwarding-off in n1' },
  { what: 'forwarding of another device', file: nodes('flannel-vxlan', `, edits: [${sysctl('n1', 'net.ipv4.conf.eth0.forwarding', 0)}]`), ask: { from: 'a', to: 'b' }, ends: 'delivered' },
  { what: 'forwarding of all', file: nodes('flannel-vxlan', `, edits: [${sysctl('n1', 'net.ipv4.conf.all.forwarding', 0)}]`), ask: { from: 'a', to: 'b' }, ends: 'forwarding-off in n1' },
  { what: 'proxy_arp 0', file: proxied(0), ask: { from: 'a', to: '192.168.0.10' }, ends: 'neigh-failed in a, ICMP 3/1' },
  { what: 'proxy_arp without a delay', file: proxied(1, `, ${sysctl('n1', 'net.ipv4.neigh.docker0.proxy_delay', 0)}`), ask: { from: 'a', to: '192.168.0.10' }, ends: 'delivered' },
  ...([[0, 'delivered'], [1, 'neigh-failed in a, ICMP 3/1'], [2, 'neigh-failed in a, ICMP 3/1'], [8, 'neigh-failed in a, ICMP 3/1']] as const).map(([value, ends]) => ({
    what: `arp_ignore ${value}, another device’s address`, file: one('docker-bridge', [route('a', 'dst: 192.168.0.10/32, dev: eth0, scope: link'), sysctl('n1', 'net.ipv4.conf.all.arp_ignore', value)].join(', ')), ask: { from: 'a', to: '192.168.0.10' }, ends,
  })),
  ...([[1, 'delivered'], [8, 'neigh-failed in a, ICMP 3/1']] as const).map(([value, ends]) => ({
    what: `arp_ignore ${value}, the device’s own address`, file: one('docker-bridge', sysctl('n1', 'net.ipv4.conf.docker0.arp_ignore', value)), ask: { from: 'a', to: '172.17.0.1' }, ends,
  })),
  ...([0, 1, 2] as const).map((value) => ({
    what: `arp_announce ${value}`, file: one('docker-bridge', [sysctl('n1', 'net.ipv4.conf.all.arp_announce', value), route('n1', 'dst: 172.17.0.2/32, dev: docker0, scope: link, src: 192.168.0.10')].join(', ')), ask: { from: 'n1', to: 'a' }, ends: 'delivered',
  })),
  ...([[0, 'neigh-failed in n1'], [1, 'neigh-failed in a, ICMP 3/1']] as const).map(([value, ends]) => ({
    what: `arp_filter ${value}, and the way back is another device`, file: one('docker-bridge', [sysctl('n1', 'net.ipv4.conf.docker0.arp_filter', value), route('n1', 'dst: 172.17.0.2/32, dev: eth0, scope: link')].join(', ')), ask: { from: 'a', to: '172.17.0.1' }, ends,
  })),
  { what: 'ip_default_ttl', file: nodes('flannel-vxlan', `, edits: [${sysctl('b', 'net.ipv4.ip_default_ttl', 33)}, ${sysctl('n1', 'net.ipv4.ip_default_ttl', 77)}]`), ask: { from: 'a', to: 'b' }, ends: 'delivered' },
  { what: 'ip_default_ttl, an error', file: nodes('flannel-vxlan', `, edits: [${sysctl('b', 'net.ipv4.ip_default_ttl', 33)}]`), ask: { from: 'a', to: 'b:9', proto: 'udp' }, ends: 'no-socket in b, ICMP 3/3' },
  ...(['icmp', 'udp', 'tcp'] as const).map((proto) => ({
    what: `a rule by source, ${proto}: only a connection asks again with the source it got`,
    file: one('docker-bridge', ['{ op: add, in: n1, table: rules, row: { priority: 100, table: "100", from: 192.168.0.10/32 } }', '{ op: add, in: n1, table: routes, row: { table: "100", dst: 0.0.0.0/0, via: 192.168.0.1, dev: eth0 } }', route('n1', 'dst: 203.0.113.10/32, via: 172.17.0.2, dev: docker0, src: 192.168.0.10')].join(', ')),
    ask: { from: 'n1', to: proto === 'icmp' ? '203.0.113.10' : '203.0.113.10:443', proto, ttl: 2 }, ends: proto === 'tcp' ? 'delivered' : 'forwarding-off in a',
  })),
  { what: 'a server bound to no address answers from the one its way back has', file: one('docker-bridge', ['{ op: add, in: n1, table: sockets, row: { proto: udp, port: 53, program: dns } }'].join(', ')), ask: { from: 'a', to: '192.168.0.10:53', proto: 'udp' }, ends: 'delivered' },
]

function ending(w: Walk): string {
  if (w.loss === null) return w.delivered ? 'delivered' : 'nothing'
  const { drop, in: where, icmp } = w.loss
  return `${drop.reason} in ${where}${icmp === null ? '' : `, ICMP ${icmp.type}/${icmp.code}`}`
}

describe.each(CASES.map((c) => [c.what, c] as const))('%s', (_, c) => {
  const { topology } = parseCluster(c.file)
  const flow = resolveFlow(topology, c.ask)
  it('ends as it should', () => { expect(ending(walk(topology, flow))).toBe(c.ends) })
  it.skipIf(a.cannot !== null)('and the kernel agrees', async () => {
    const [r] = await check({ world: c.what, whatIf: [] }, topology, [{ name: 'flow', flow }], a)
    const lines = r!.pairs.map((p) => `${p.kernel === null ? '-' : p.ours === null ? '+' : p.differences.length > 0 ? '≠' : '='} ${brief((p.kernel ?? p.ours)!)}`)
    expect(r!.verdict === 'agrees' ? '' : [...r!.differences, ...r!.notVerified, ...lines].join('\n')).toBe('')
    expect(r!.frames).toBe(walk(topology, flow).frames.length)
  }, 60_000)
})
