import { describe, expect, it } from 'vitest'
import type { Ipv4 } from '#lib/wire/addr.ts'
import { walk, warmed } from '#lib/engine/walk.ts'
import { netns, withSpace, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Frame } from '#lib/trace/walk.ts'
import { run, vxlan } from './commands.ts'
import { ALLOWED, compare, compareApart, type Allowance } from './compare.ts'
import { load, topologyOf, type Probe } from './lab.ts'

const echo = (from: string, src: string, to: string): Flow => ({ from, src: src as Ipv4, to: to as Ipv4, proto: 'icmp', dport: 0, size: 8, ttl: 64 })
const INET = '203.0.113.10'
/** Neighbours each lab resolves before a probe. */
const WARM: Readonly<Record<string, readonly Flow[]>> = {
  'L1-docker-bridge': [echo('c1', '172.17.0.2', '172.17.0.3'), echo('c1', '172.17.0.2', INET), echo('c2', '172.17.0.3', INET)],
  'L2-flannel-vxlan': [echo('pod1', '10.1.15.2', '10.1.20.3'), echo('pod2', '10.1.20.3', '10.1.15.2'), echo('pod1', '10.1.15.2', INET), echo('pod1', '10.1.15.2', '10.1.15.3'), echo('pod3', '10.1.15.3', '10.1.15.1'), echo('node1', '192.168.0.100', '192.168.0.200')],
  'L3-flannel-udp': [echo('pod1', '10.1.15.2', '10.1.20.3'), echo('pod2', '10.1.20.3', '10.1.15.2'), echo('pod1', '10.1.15.2', INET), echo('node1', '192.168.0.100', '192.168.0.200')],
}
const COLD = new Set(['icmp-cold', 'icmp-out-cold', 'icmp-same-bridge-cold', 'same-node'])
/** Commands before the traffic, where they are not the first half of those recorded. A number is a flow that goes before the next command. */
const ORDER: Readonly<Record<string, readonly (string | number)[]>> = {
  'direct-to-container': ['out: ip route add 172.17.0.0/16 via 192.168.0.100'],
  'direct-to-container-port': ['out: ip route add 172.17.0.0/16 via 192.168.0.100'],
  'forward-drop-bridge': ['host: iptables -D FORWARD -i docker0 -o docker0 -j ACCEPT', 1, 'host: sysctl -qw net.bridge.bridge-nf-call-iptables=0'],
  'published-container-gone': ['c2: ip link set eth0 down', 'host: ip neigh flush dev docker0'],
  'forward-drop': ['node2: iptables -P FORWARD DROP', 'node2: iptables -F FORWARD'],
  'vtep-unreachable': ['node2: ip link set eth0 down', 'node1: ip neigh flush dev eth0'],
  'flannel1-down-sender': ['node1: ip link set flannel.1 down'],
  'no-fdb': ['node1: bridge fdb del 02:f1:0a:01:14:00 dev flannel.1 dst 192.168.0.200 self'],
  'no-neigh': ['node1: ip neigh del 10.1.20.0 dev flannel.1'],
  'stale-vtep-mac': ['node1: bridge fdb replace 02:f1:de:ad:00:00 dev flannel.1 dst 192.168.0.200 self permanent', 'node1: ip neigh replace 10.1.20.0 lladdr 02:f1:de:ad:00:00 dev flannel.1 nud permanent'],
  'big-df-pod-mtu1500': ['pod1: ip link set eth0 mtu 1500', 'node1: ip link set veth1 mtu 1500', 'node1: ip link set cni0 mtu 1500'],
  'big-nodf-pod-mtu1500': ['pod1: ip link set eth0 mtu 1500', 'node1: ip link set veth1 mtu 1500', 'node1: ip link set cni0 mtu 1500'],
  noudpcsum: [], 'vni-mismatch': [], 'icmp-ratelimit': [],
  'flannel0-down-sender': ['node1: ip link set flannel0 down'], 'daemon-dead-sender': ['node1: kill the udp daemon'], 'daemon-dead-receiver': ['node2: kill the udp daemon'], 'pod-absent': [],
}

/** The flows of a probe, from what the application did. */
function flowsOf(p: Probe): Flow[] {
  const flows: Flow[] = []
  let server: string | null = null
  for (const e of p.events) {
    if (e.call === 'recvfrom' || e.call === 'accept') { server = e.who; continue }
    const icmp = /^ICMP echo ([\d.]+)>([\d.]+) ttl=(\d+) id=0x([0-9a-f]+)( DF)? total_len=(\d+)/.exec(e.call)
    const udp = /^UDP ([\d.]+):(\d+)>([\d.]+):(\d+) (\d+) bytes( DF| noDF)?(?: ttl=(\d+))?/.exec(e.call)
    const tcp = /^TCP ([\d.]+):(\d+)>([\d.]+):(\d+)(?: ttl=(\d+))?/.exec(e.call)
    const seqs = p.frames.flatMap((f) => f.layers.filter((l) => l.type === 'icmp' && l['icmp_type'] === 8).map((l) => Number(l['seq'])))
    if (icmp !== null) flows.push({ from: e.who, ...(icmp[1] === '0.0.0.0' ? {} : { src: icmp[1] as Ipv4 }), to: icmp[2] as Ipv4, proto: 'icmp', dport: 0, sport: p.fixed.icmp_ids[0] ?? 0x4b54, ttl: Number(icmp[3]), id: Number.parseInt(icmp[4]!, 16), df: icmp[5] !== undefined, size: Number(icmp[6]) - 28, seq: flows.length > 0 ? Math.max(1, ...seqs.slice(-1)) : 1 })
    if (udp !== null) flows.push({ from: e.who, src: udp[1] as Ipv4, sport: Number(udp[2]), to: udp[3] as Ipv4, dport: Number(udp[4]), proto: 'udp', size: Number(udp[5]), ttl: Number(udp[7] ?? 64), ...(udp[6] === undefined ? {} : { df: udp[6] === ' DF' }), answer: String(e.result).startsWith('reply') ? 9 : 0 })
    if (tcp !== null) flows.push({ from: e.who, src: tcp[1] as Ipv4, sport: Number(tcp[2]), to: tcp[3] as Ipv4, dport: Number(tcp[4]), proto: 'tcp', size: 18, answer: 22, ttl: Number(tcp[5] ?? 64) })
    void server
  }
  if (flows.length === 0) for (const f of p.frames.filter((x) => x.ns.startsWith('pod') && x.dir === 'out' && x.layers.some((l) => l.type === 'icmp' && l['icmp_type'] === 8))) {
    const ip = f.layers.find((l) => l.type === 'ipv4')!
    const icmp = f.layers.find((l) => l.type === 'icmp')!
    flows.push({ from: f.ns, src: ip['src'] as Ipv4, to: ip['dst'] as Ipv4, proto: 'icmp', dport: 0, sport: Number(icmp['id']), ttl: Number(ip['ttl']), id: Number(ip['id']), tos: Number(ip['tos'] ?? 0), size: Number(ip['total_len']) - 28, seq: Number(icmp['seq']) })
  }
  return flows
}

/** Sockets the lab opened: on the namespace that received, on the port the frame there carries. */
function withSockets(t: Topology, p: Probe): Topology {
  let out = t
  for (const e of p.events.filter((x) => x.call === 'recvfrom' || x.call === 'accept')) {
    const proto = e.call === 'accept' ? 'tcp' : 'udp'
    for (const f of p.frames) {
      const l4 = f.layers.filter((l) => l.type === proto)
      const inner = l4[l4.length - 1]
      if (f.ns !== e.who || f.dir !== 'in' || inner === undefined || f.to === 'otherhost') continue
      const port = Number(inner['dport'])
      const n = netns(out, f.ns)!
      if (port > 30000 || n.sockets.some((s) => s.proto === proto && s.port === port)) continue
      out = withSpace(out, { ...n, sockets: [...n.sockets, { proto, port, program: 'lab' }] })
    }
  }
  return out
}

function framesOf(lab: string, name: string, p: Probe, start: Topology): Frame[] {
  let t = withSockets(start, p)
  if (!COLD.has(name)) for (const f of WARM[lab] ?? []) t = warmed(t, f)
  const flows = flowsOf(p)
  const order = ORDER[name] ?? (p.setup ?? []).slice(0, Math.ceil((p.setup ?? []).length / 2))
  if (name === 'noudpcsum') t = vxlan(t, 'node1', { udpcsum: false })
  if (name === 'vni-mismatch') t = vxlan(t, 'node2', { vni: 2 })
  const frames: Frame[] = []
  const send = (): void => {
    const f = flows.shift()
    if (f === undefined) return
    const w = walk(t, f)
    frames.push(...w.frames)
    t = w.after
  }
  for (const o of order) if (typeof o === 'number') send(); else t = run(t, o)
  while (flows.length > 0) send()
  return frames
}

/** Probes where the engine is known to differ from the kernel, with what is missing. A test fails when one begins to agree. */
const KNOWN: Readonly<Record<string, string>> = { 'L2-flannel-vxlan/icmp-ratelimit': 'the model has no clock between walks, so it sends every ICMP error' }

/** Probes in which a daemon and the application race, and the two recorded runs end differently. */
const RACES = new Set(['L3-flannel-udp/tcp', 'L3-flannel-udp/tcp-reverse'])

const used = new Set<Allowance>()
for (const name of ['L1-docker-bridge', 'L2-flannel-vxlan', 'L3-flannel-udp']) {
  const lab = load(name)
  const start = topologyOf(lab)
  describe(`${name}: the kernel's frames`, () => {
    for (const [probe, p] of Object.entries(lab.probes)) {
      const known = KNOWN[`${name}/${probe}`]
      const test = known === undefined ? it : it.fails
      test(`${probe}: ${p.about}${known === undefined ? '' : ` (not yet: ${known})`}`, () => {
        const by = RACES.has(`${name}/${probe}`) ? compareApart : compare
        expect(by(p, framesOf(name, probe, p, start), used)).toEqual([])
      })
    }
  })
}
it('every allowance is used', () => { expect(Object.keys(ALLOWED).filter((a) => !used.has(a as Allowance))).toEqual([]) })
