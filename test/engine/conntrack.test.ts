import { describe, expect, it } from 'vitest'
import { applyAll, netns, SCENARIOS, tableAsTool, walk, type Topology } from '#lib/index.ts'

/* A reset that is the first answer frees the entry (nf_conntrack_tcp_packet); errors are limited per address (inet_peer_xrlim_allow). */

const { topology, flows } = SCENARIOS['docker-bridge']!
const published = Object.values(flows).find((f) => f.proto === 'tcp' && f.dport === 8080)!
const rows = (t: Topology, ns: string) => netns(t, ns)!.conntrack

describe('a connection that is refused', () => {
  const silent = applyAll(topology, [{ op: 'del', in: 'backend-service-2', table: 'sockets', where: { port: 80 } }])
  const refused = walk(silent, published)

  it('is freed where its reset passes, and no longer listed', () => {
    expect(refused.loss?.drop.reason).toBe('no-socket')
    expect(rows(refused.after, 'node-2').map((c) => [c.state, c.gone])).toEqual([['CLOSE', true]])
    expect(tableAsTool(netns(refused.after, 'node-2')!, 'conntrack').lines).toEqual([])
  })

  it('uses its freed row again when it is opened once more', () => {
    const again = walk(applyAll(refused.after, [{ op: 'add', in: 'backend-service-2', table: 'sockets', row: { proto: 'tcp', port: 80, program: 'httpd' } }]), published)
    expect(again.delivered).toBe(true)
    expect(rows(again.after, 'node-2').map((c) => [c.state, c.gone, c.replied])).toEqual([['TIME_WAIT', false, true]])
    expect(tableAsTool(netns(again.after, 'node-2')!, 'conntrack').lines).toHaveLength(1)
  })
})

describe('ICMP errors', () => {
  const { topology: t } = SCENARIOS['flannel-vxlan']!
  const ping = Object.values(SCENARIOS['flannel-vxlan']!.flows).find((f) => f.proto === 'icmp')!
  const told = (limit: number | null, count: number) => {
    const edited = limit === null ? t : applyAll(t, [{ op: 'add', in: 'node-1', table: 'sysctls', row: { key: 'net.ipv4.icmp_ratelimit', value: limit } }])
    return walk(edited, { ...ping, ttl: 1, count }).messages.filter((m) => m.kind === 'error').length
  }

  it.each([[null, 4, 4], [null, 10, 6], [1000, 10, 6], [0, 10, 10]] as const)('icmp_ratelimit %s: of %i packets %i are answered', (limit, count, answered) => {
    expect(told(limit, count)).toBe(answered)
  })

  it('an echo request sent several times is done when all are answered', () => {
    const w = walk(t, { ...ping, count: 3 })
    expect(w.delivered).toBe(true)
    expect(w.messages.filter((m) => m.label === 'echo reply')).toHaveLength(3)
  })
})
