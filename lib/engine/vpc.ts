import type { Ipv4 } from '#lib/wire/addr.ts'
import { inCidr } from '#lib/wire/addr.ts'
import { fragment } from '#lib/wire/fragment.ts'
import { find, ipLength, NO_BYTES, pop, PROTO, push, rewrite, size, type Ethernet, type Packet } from '#lib/wire/packet.ts'
import { quote } from '#lib/wire/quote.ts'
import type { DevOf } from '#lib/topology/devs.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Vpc } from '#lib/topology/topology.ts'
import type { Eni, SgFlow, Subnet } from '#lib/topology/vpc.ts'
import type { Decision, VpcStage } from '#lib/trace/decision.ts'
import type { Drop } from '#lib/trace/drop.ts'
import { aclVerdict } from '#lib/lookup/acl.ts'
import { sgAllows, sgFlow } from '#lib/lookup/security-group.ts'
import { eniById, eniByMac, eniByPublicIp, eniOf, outsideHost, subnetById, vpcRoute } from '#lib/lookup/vpc-route.ts'
import { cross, device, live, message, record, ref, skb, vpcOf, wake, type Live, type Run, type Skb } from '#lib/devices/run.ts'
import { translateQuote, tupleOf, type Question } from './conntrack.ts'

/* The VPC as a guest and its documentation show it. Not modelled, because AWS does not publish it: the outer header, the mapping service, which host checks what.
   The order of checks is SG, source/destination check, NACL, route table on the way out and the reverse on the way in (VPC_Security.md; the slot of the source/destination check is inferred). */

/** A frame leaves a NIC: into its ENI, or, for a host beyond a gateway, towards that gateway. */
export function toVpc(run: Run, _: Live, d: DevOf<'nic'>, s: Skb): void {
  wake(run, 'wire', () => {
    const v = vpcOf(run, d.wire.vpc)
    const out = copyOf(s)
    if ('gateway' in d.wire) return fromOutside(run, v, out, d.wire.gateway)
    const eni = v.enis[eniById(v, d.wire.eni)]
    if (eni === undefined) return unplugged(run, v, out, d.wire.eni)
    const first = out.packet.headers[1]
    if (first?.kind === 'arp') return arp(run, v, eni, out)
    egress(run, v, eni, out)
  })
}

/** A NIC without its interface, or an interface without its subnet: somebody took the row away. Nobody carries the frame. */
function unplugged(run: Run, v: Vpc, s: Skb, id: string): void {
  say(run, v, s, id, 'vpc-encap', { kind: 'vpc-mapping', dst: find(s.packet, 'ipv4')?.dst ?? '0.0.0.0', eni: null }, [], { reason: 'link-down', dev: id })
}

function copyOf(s: Skb): Skb {
  const out = skb(s.packet, s.message, s.step)
  out.copy = s.copy
  return out
}

function say(run: Run, v: Vpc, s: Skb, dev: string, stage: VpcStage, decision: Decision, writes: readonly Edit[] = [], drop: Drop | null = null): void {
  record(run, s, v.name, dev, stage, decision, writes, drop)
}

/** The fabric answers ARP itself, for addresses it owns; the question never reaches another guest (no broadcast in a VPC). */
function arp(run: Run, v: Vpc, eni: Eni, s: Skb): void {
  const a = find(s.packet, 'arp')!
  const subnet = subnetOf(v, eni)
  const owner = v.enis[eniOf(v, a.tpa)]
  const mac = subnet?.router.ip === a.tpa ? subnet.router.mac : owner !== undefined && owner.subnet === eni.subnet ? owner.mac : null
  const ours = mac !== null && a.op === 'request'
  say(run, v, s, eni.id, 'vpc-arp', { kind: 'arp', op: a.op, ip: a.tpa, ours, by: 'vpc' }, [], ours ? null : { reason: 'not-arp-owner' })
  if (!ours || mac === null) return
  const m = message(run, 'arp', run.messages[s.message]?.leg ?? 'forward', `${a.tpa} is-at ${mac}`, s.message)
  const reply = skb({ headers: [{ kind: 'ethernet', dst: a.sha, src: mac }, { kind: 'arp', op: 'reply', sha: mac, spa: a.tpa, tha: a.sha, tpa: a.spa }], payload: NO_BYTES }, m, s.step)
  toGuest(run, eni, reply)
}

function subnetOf(v: Vpc, eni: Eni): Subnet | undefined {
  return v.subnets[subnetById(v, eni.subnet)]
}

function sameSubnet(other: Eni | undefined, eni: Eni): Eni | undefined {
  return other?.subnet === eni.subnet ? other : undefined
}

/** Everything a packet meets between an ENI and the router. */
function egress(run: Run, v: Vpc, eni: Eni, s: Skb): void {
  const frame = s.packet.headers[0] as Ethernet
  const ip = find(s.packet, 'ipv4')
  const subnet = subnetOf(v, eni)
  if (ip === undefined || subnet === undefined) return unplugged(run, v, s, eni.id)
  if (!groups(run, v, eni, s, 'egress')) return
  const owned = eni.ips.includes(ip.src)
  say(run, v, s, eni.id, 'src-check', { kind: 'source-dest-check', eni: ref(v.name, 'enis', eniById(v, eni.id))!, ip: ip.src, enabled: eni.sourceDestCheck }, [], owned || !eni.sourceDestCheck ? null : { reason: 'source-dest-check', eni: eni.id, ip: ip.src })
  if (!owned && eni.sourceDestCheck) return
  // To another ENI's MAC the frame stays in the subnet whatever its destination address: that is how a guest router is reached.
  const neighbour = frame.dst === subnet.router.mac ? undefined : sameSubnet(v.enis[eniByMac(v, frame.dst)], eni)
  if (neighbour !== undefined) {
    say(run, v, s, eni.id, 'vpc-encap', { kind: 'vpc-mapping', dst: ip.dst, eni: ref(v.name, 'enis', eniById(v, neighbour.id)) })
    return ingress(run, v, neighbour, subnet.id, s, frame.src)
  }
  const r = vpcRoute(v, subnet.routeTable, ip.dst)
  const leaves = r.target !== 'local' || !inCidr(ip.dst, subnet.cidr)
  if (leaves && !acl(run, v, subnet.id, eni.id, s, 'egress')) return
  const rejected = r.rejected.map((row) => ({ in: v.name, table: 'vpcRoutes' as const, row }))
  say(run, v, s, eni.id, 'vpc-route', { kind: 'vpc-route', dst: ip.dst, matched: ref(v.name, 'vpcRoutes', r.matched), rejected, target: r.target }, [], r.target === null ? { reason: 'vpc-no-route', dst: ip.dst } : null)
  if (r.target === null) return
  if (r.target.startsWith('igw-')) return toInternet(run, v, eni, subnet, s, r.target)
  const to = v.enis[r.target === 'local' ? eniOf(v, ip.dst) : eniById(v, r.target)]
  say(run, v, s, eni.id, 'vpc-encap', { kind: 'vpc-mapping', dst: ip.dst, eni: to === undefined ? null : ref(v.name, 'enis', eniById(v, to.id)) }, [], to === undefined ? { reason: 'vpc-unknown-address', dst: ip.dst } : null)
  if (to !== undefined) ingress(run, v, to, subnet.id, s, null)
}

/** The way in: NACL if it comes from another subnet, security group, destination check, then the guest. */
function ingress(run: Run, v: Vpc, eni: Eni, fromSubnet: string | null, s: Skb, srcMac: Ethernet['src'] | null): void {
  const subnet = subnetOf(v, eni)
  const ip = find(s.packet, 'ipv4')!
  if (subnet === undefined) return unplugged(run, v, s, eni.id)
  if (fromSubnet !== eni.subnet && !acl(run, v, eni.subnet, eni.id, s, 'ingress')) return
  if (!groups(run, v, eni, s, 'ingress')) return
  const owned = eni.ips.includes(ip.dst)
  say(run, v, s, eni.id, 'dst-check', { kind: 'source-dest-check', eni: ref(v.name, 'enis', eniById(v, eni.id))!, ip: ip.dst, enabled: eni.sourceDestCheck }, [], owned || !eni.sourceDestCheck ? null : { reason: 'source-dest-check', eni: eni.id, ip: ip.dst })
  if (!owned && eni.sourceDestCheck) return
  // Whose MAC a guest sees as source within a subnet AWS does not document; the sender's is shown where it addressed the frame itself, else the router's.
  const bare = s.packet.headers[0]?.kind === 'ethernet' ? pop(s.packet) : s.packet
  s.packet = push(bare, { kind: 'ethernet', dst: eni.mac, src: srcMac ?? subnet.router.mac })
  toGuest(run, eni, s)
}

function toGuest(run: Run, eni: Eni, s: Skb): void {
  const { netns, dev } = eni.attached
  cross(run, () => arrive(run, netns, dev, copyOf(s)))
}

/** A frame reaches the machine: its device takes it, if it is still there. */
function arrive(run: Run, netns: string, dev: string, s: Skb): void {
  const l = live(run, netns)
  const d = device(l, dev)
  if (d === undefined) record(run, s, netns, dev, 'rx', { kind: 'device', dev: null, did: 'receive' }, [], { reason: 'link-down', dev })
  else run.kernel.receive(run, l, d, s)
}

/** Network ACL: stateless, lowest number first. */
function acl(run: Run, v: Vpc, subnet: string, eni: string, s: Skb, direction: 'ingress' | 'egress'): boolean {
  const a = aclVerdict(v, subnet, direction, questionOf(s.packet))
  const matched = ref(v.name, 'aclRules', a.matched)
  say(run, v, s, eni, direction === 'egress' ? 'acl-egress' : 'acl-ingress', { kind: 'network-acl', direction, subnet, matched }, [], a.action === 'deny' ? { reason: 'network-acl', direction, subnet, rule: matched } : null)
  return a.action === 'allow'
}

function questionOf(p: Packet): { proto: number; sport: number; dport: number; src: Ipv4; dst: Ipv4 } {
  const ip = find(p, 'ipv4')
  const q = tupleOf(p)
  return { proto: ip?.proto ?? 0, sport: q?.tuple.sport ?? 0, dport: q?.tuple.dport ?? 0, src: ip?.src ?? '0.0.0.0', dst: ip?.dst ?? '0.0.0.0' }
}

/** Security groups of an ENI: stateful, so an answer to something allowed passes whatever the rules say. */
function groups(run: Run, v: Vpc, eni: Eni, s: Skb, direction: 'ingress' | 'egress'): boolean {
  const q = tupleOf(s.packet)
  const stage = direction === 'egress' ? 'sg-egress' : 'sg-ingress'
  if (q !== null) {
    const known = trackedRow(run, v, eni.id, q)
    if (known >= 0) {
      say(run, v, s, eni.id, stage, { kind: 'security-group', direction, eni: eni.id, matched: ref(v.name, 'sgFlows', known), rejected: [], tracked: true })
      return true
    }
  }
  const a = sgAllows(v, eni, direction, questionOf(s.packet))
  const rejected = a.rejected.map((row) => ({ in: v.name, table: 'sgRules' as const, row }))
  const decision = { kind: 'security-group', direction, eni: eni.id, matched: ref(v.name, 'sgRules', a.matched), rejected, tracked: false } as const
  if (a.matched === null) {
    say(run, v, s, eni.id, stage, decision, [], { reason: 'security-group', direction, eni: eni.id, groups: eni.groups })
    return false
  }
  const writes: Edit[] = []
  if (q !== null) {
    const row = { eni: eni.id, proto: q.proto, ...q.tuple }
    run.tracked.push(row)
    writes.push({ op: 'add', in: v.name, table: 'sgFlows', row })
  }
  say(run, v, s, eni.id, stage, decision, writes)
  return true
}

/** The row that tracks this flow, in either direction; -1: none. What this run added stands behind the rows there were. */
function trackedRow(run: Run, v: Vpc, eni: string, q: Question): number {
  const mine = run.tracked.findIndex((f) => tracks(f, eni, q))
  return mine >= 0 ? v.sgFlows.length + mine : sgFlow(v, eni, q.proto, q.tuple)
}

function tracks(f: SgFlow, eni: string, { proto, tuple: t }: Question): boolean {
  return f.eni === eni && f.proto === proto &&
    ((f.src === t.src && f.dst === t.dst && f.sport === t.sport && f.dport === t.dport) || (f.src === t.dst && f.dst === t.src && f.sport === t.dport && f.dport === t.sport))
}

/** Internet gateway: 1:1 between the primary private address and the public one; 1500 bytes and no more. */
function toInternet(run: Run, v: Vpc, eni: Eni, subnet: Subnet, s: Skb, id: string): void {
  const gateway = v.gateways.find((g) => g.id === id)
  const ip = find(s.packet, 'ipv4')!
  const length = ipLength(s.packet)
  const mtu = gateway?.mtu ?? 1500
  const from = ip.src
  const publicIp = eni.ips[0] === from ? eni.publicIp : undefined
  const decision = { kind: 'igw', gateway: id, from, to: publicIp ?? from } as const
  if (publicIp === undefined) return say(run, v, s, id, 'igw', decision, [], { reason: 'vpc-no-public-address', dst: ip.dst })
  if (length > mtu && ip.df) {
    say(run, v, s, id, 'igw', decision, [], { reason: 'vpc-too-big', mtu, size: length })
    return tooBig(run, v, eni, subnet, s, mtu)
  }
  const bare = translateQuote(rewrite(pop(s.packet), 'ipv4', { src: publicIp }), 'dst', from, publicIp)
  for (const packet of length > mtu ? fragment(bare, mtu) : [bare]) {
    const piece: Skb = { ...s, packet }
    const host = v.outside[outsideHost(v, id, ip.dst)]
    say(run, v, piece, id, 'igw', decision, [], host === undefined ? { reason: 'vpc-unknown-address', dst: ip.dst } : null)
    if (host === undefined) continue
    piece.packet = push(packet, { kind: 'ethernet', dst: host.mac, src: subnet.router.mac })
    cross(run, () => arrive(run, host.attached.netns, host.attached.dev, copyOf(piece)))
  }
}

/** The published tracepath sample shows the router (subnet + 1) answering 3/4 with 1500 (EC2 guide, network_mtu). */
function tooBig(run: Run, v: Vpc, eni: Eni, subnet: Subnet, s: Skb, mtu: number): void {
  const bare = pop(s.packet)
  const ip = find(bare, 'ipv4')!
  const m = message(run, 'error', 'back', 'fragmentation needed', s.message)
  const e = skb({
    headers: [{ kind: 'ethernet', dst: eni.mac, src: subnet.router.mac }, { kind: 'ipv4', src: subnet.router.ip, dst: ip.src, ttl: 64, id: 1, df: false, mf: false, offset: 0, tos: 0xc0, proto: PROTO.icmp }, { kind: 'icmp', type: 3, code: 4, rest: mtu }],
    payload: quote(bare, Math.min(548, size(bare))),
  }, m, s.step)
  say(run, v, e, eni.id, 'igw', { kind: 'icmp', type: 3, code: 4, did: 'make' })
  toGuest(run, eni, e)
}

/** From a host beyond the gateway: its public destination becomes the ENI's private one. */
function fromOutside(run: Run, v: Vpc, s: Skb, id: string): void {
  const ip = find(s.packet, 'ipv4')
  const a = find(s.packet, 'arp')
  if (a !== undefined || ip === undefined) {
    say(run, v, s, id, 'vpc-arp', { kind: 'arp', op: a?.op ?? 'request', ip: a?.tpa ?? '0.0.0.0', ours: false, by: 'vpc' }, [], { reason: 'not-arp-owner' })
    return
  }
  const eni = v.enis[eniByPublicIp(v, ip.dst)]
  const private0 = eni?.ips[0]
  say(run, v, s, id, 'igw', { kind: 'igw', gateway: id, from: ip.dst, to: private0 ?? ip.dst }, [], private0 === undefined ? { reason: 'vpc-unknown-address', dst: ip.dst } : null)
  if (eni === undefined || private0 === undefined) return
  s.packet = translateQuote(rewrite(s.packet, 'ipv4', { dst: private0 }), 'src', ip.dst, private0)
  ingress(run, v, eni, null, s, null)
}
