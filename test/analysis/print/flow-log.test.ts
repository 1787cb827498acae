import { describe, expect, it } from 'vitest'
import { flowLog, recordText, walk } from '#lib/index.ts'
import { see } from '../../facts/see.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

/* facts/aws.md 5.5: the records of one HTTP exchange, request side 6 packets of 353 bytes; each interface shows its primary address for its own side. */

const http = (id: string) =>
  Object.entries(SCENARIOS[id]!.flows).find(([, f]) => f.proto === 'tcp')![0]
const records = (id: string) => flowLog(see(id, http(id)))

describe('the flow log', () => {
  it('of the VPC CNI hides the own pod behind the primary address, and the pkt- fields show it', () => {
    const [out, back] = [records('vpc-cni')[0]!, records('vpc-cni')[1]!]
    expect(recordText(out, true)).toBe(
      `eni-node-1-eth1 192.168.0.110 192.168.0.211 ${out.srcport} 8080 6 6 353 ACCEPT 3 192.168.0.111 192.168.0.211 egress`,
    )
    expect(recordText(back, true)).toBe(
      `eni-node-2-eth1 192.168.0.111 192.168.0.210 ${out.srcport} 8080 6 6 353 ACCEPT 3 192.168.0.111 192.168.0.211 ingress`,
    )
    expect(records('vpc-cni').map((r) => r['tcp-flags'])).toEqual([3, 3, 19, 19])
  })
  it('of flannel names nodes only: UDP, and 50 or 28 bytes more for each packet', () => {
    expect(
      records('flannel-vxlan').map((r) => [
        r.protocol,
        r.dstport,
        r.packets,
        r.bytes,
        r['tcp-flags'],
        r['pkt-srcaddr'],
      ])[0],
    ).toEqual([17, 8472, 6, 353 + 6 * 50, 0, '192.168.0.100'])
    expect(
      records('flannel-udp').map((r) => [r.protocol, r.dstport, r.packets, r.bytes])[0],
    ).toEqual([17, 8285, 6, 353 + 6 * 28])
    expect(
      records('flannel-udp')
        .flatMap((r) => [r['pkt-srcaddr'], r['pkt-dstaddr']])
        .filter((ip) => ip.startsWith('10.1.')),
    ).toEqual([])
  })
  it('has the REJECT at the interface that refused, and ACCEPT at the sender’s', () => {
    const s = SCENARIOS['vpc-cni']!
    const [name, what] = Object.entries(s.whatIfs).find(([, w]) => w.expect === 'security-group')!
    const w = see('vpc-cni', what.flow ?? http('vpc-cni'), { whatIf: name })
    expect(flowLog(w).map((r) => [r['flow-direction'], r.action])).toEqual([
      ['egress', 'ACCEPT'],
      ['ingress', 'REJECT'],
    ])
  })
  it('grows with the walk, and has nothing of pods on one node', () => {
    const w = see('vpc-cni', http('vpc-cni'))
    expect(flowLog(w, 0)).toEqual([])
    const first = flowLog(w, w.steps.find((s) => s.stage === 'sg-egress')!.n)
    expect(first.map((r) => [r.packets, r.bytes, r['tcp-flags']])).toEqual([[1, 60, 2]])
    const near = walk(SCENARIOS['vpc-cni']!.topology, { ...w.flow, to: '192.168.0.112' })
    expect([near.delivered, flowLog(near)]).toEqual([true, []])
  })
  it('leaves out what the source/destination check drops', () => {
    const w = see('flannel-host-gw', http('flannel-host-gw'))
    expect([w.loss?.drop.reason, flowLog(w)]).toEqual(['source-dest-check', []])
  })
})
