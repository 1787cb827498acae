import { describe, expect, it } from 'vitest'
import { walk } from '#lib/engine/walk.ts'
import { SCENARIOS } from '#lib/scenarios/index.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'

/** One walk of a world with rows changed and the flow altered. */
function see(scenario: string, flow: string, change: { readonly whatIf?: string; readonly edits?: readonly Edit[]; readonly flow?: Partial<Flow> } = {}): Walk {
  const s = SCENARIOS[scenario]
  const f = s?.flows[flow]
  if (s === undefined || f === undefined) throw new RangeError(`no ${scenario} ${flow}`)
  const whatIf = change.whatIf === undefined ? [] : s.whatIfs[change.whatIf]?.edits ?? []
  return walk(applyAll(s.topology, [...whatIf, ...(change.edits ?? [])]), { ...f, ...change.flow })
}

/** What was asked by ARP on one leg, in order. */
function questions(w: Walk, leg: 'forward' | 'back'): string[] {
  return w.messages.filter((m) => m.kind === 'arp' && m.leg === leg && m.label.startsWith('who-has')).map((m) => m.label)
}

describe('a packet inside a packet: what the prose says beyond its facts', () => {
  it('a traceroute is answered by the first, fourth and fifth probe', () => {
    const probes = [1, 2, 3, 4, 5].map((ttl) => see('flannel-udp', 'ping', { flow: { ttl } }))
    expect(probes.map((w) => w.delivered ? 'reply' : w.loss?.icmp?.from ?? `silence in ${w.loss?.in}`)).toEqual(['10.1.15.1', 'silence in node-1', 'silence in node-2', '10.1.20.0', 'reply'])
  })

  it('the request needs three ARP questions, the reply one', () => {
    const w = see('flannel-udp', 'frontend-1-to-backend-2')
    expect(questions(w, 'forward')).toEqual(['who-has 10.1.15.1', 'who-has 192.168.0.200', 'who-has 10.1.20.3'])
    expect(questions(w, 'back')).toEqual(['who-has 192.168.0.100'])
  })

  it('without flanneld the packet leaks to the default gateway with the pod’s addresses', () => {
    const w = see('flannel-udp', 'frontend-1-to-backend-2', { whatIf: 'stop-flanneld' })
    expect(w.loss?.drop).toMatchObject({ reason: 'source-dest-check', ip: '10.1.15.2' })
    expect(see('flannel-vxlan', 'frontend-1-to-backend-2', { whatIf: 'stop-flanneld' }).delivered).toBe(true)
  })

  it('a missing FDB entry is silent, a missing neighbour is not', () => {
    expect(see('flannel-vxlan', 'frontend-1-to-backend-2', { whatIf: 'delete-fdb' }).loss?.icmp).toBeNull()
    expect(see('flannel-vxlan', 'frontend-1-to-backend-2', { whatIf: 'delete-neigh' }).loss?.icmp).toMatchObject({ type: 3, code: 1, from: '10.1.15.1' })
  })

  it('an MTU too small on the tunnel is reported, on eth0 it is mended in silence', () => {
    expect(see('flannel-udp', 'large', { whatIf: 'lower-mtu' }).loss?.icmp).toMatchObject({ type: 3, code: 4, mtu: 1400 })
    const under = see('flannel-udp', 'large', { edits: [{ op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 1400 } }] })
    expect(under.delivered).toBe(true)
    expect(under.steps.filter((s) => s.decision.kind === 'fragments' && s.decision.did === 'fragment').map((s) => s.in)).toContain('node-1')
  })

  it('host-gw arrives only with the check off, with TTL 62', () => {
    expect(see('flannel-host-gw', 'frontend-1-to-backend-2').loss?.drop.reason).toBe('source-dest-check')
    const w = see('flannel-host-gw', 'frontend-1-to-backend-2', { whatIf: 'src-dst-check-off' })
    const arrived = w.steps.find((s) => s.in === 'backend-service-2' && s.stage === 'socket')
    expect(arrived?.packet.headers.find((h) => h.kind === 'ipv4')?.ttl).toBe(62)
  })
})

describe('one packet, no disguise: what the prose says beyond its facts', () => {
  it('the pod never asks by ARP', () => {
    const w = see('vpc-cni', 'frontend-1-to-backend-2')
    expect(w.frames.filter((f) => f.in === 'web-app-frontend-1' && f.dir === 'out' && f.packet.headers[1]?.kind === 'arp' && f.packet.headers[1].op === 'request')).toEqual([])
  })

  it('two pods on one node meet no security group, whatever it denies', () => {
    const w = see('vpc-cni', 'same-node', { whatIf: 'deny-security-group' })
    expect(w.delivered).toBe(true)
    expect(w.steps.filter((s) => s.in === 'vpc')).toEqual([])
  })

  it('without rule 1536 the right packet leaves by the wrong interface', () => {
    expect(see('vpc-cni', 'frontend-1-to-backend-2', { whatIf: 'delete-rule-1536' }).loss?.drop).toEqual({ reason: 'source-dest-check', eni: 'eni-node-1-eth0', ip: '192.168.0.111' })
  })

  it('without rule 512 the packet circles until its TTL is used up', () => {
    const loss = see('vpc-cni', 'same-node', { whatIf: 'delete-rule-512' }).loss
    expect(loss?.drop.reason).toBe('ttl-exceeded')
    expect(loss?.icmp).toMatchObject({ type: 11, code: 0, from: '192.168.0.100' })
  })

  it('to the internet the source becomes the node’s; without SNAT the check stops it', () => {
    const out = see('vpc-cni', 'to-internet').steps.find((s) => s.stage === 'igw')
    expect(out?.decision).toMatchObject({ from: '192.168.0.100' })
    expect(see('vpc-cni', 'to-internet', { whatIf: 'no-snat' }).loss?.drop).toMatchObject({ reason: 'source-dest-check', eni: 'eni-node-1-eth0', ip: '192.168.0.111' })
  })
})
