import { describe, expect, it } from 'vitest'
import { find } from '#lib/wire/packet.ts'
import { parseQuote } from '#lib/wire/quote.ts'
import { applyAll } from '#lib/topology/apply.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import { fromSpaces, spaces, type Topology } from '#lib/topology/topology.ts'
import type { Flow } from '#lib/trace/flow.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { walk } from '#lib/walk/walk.ts'
import { kubeProxy, type Service } from '#lib/worlds/cni/kube-proxy.ts'
import { capture } from '../labs/capture.ts'
import { topologyOf } from '../labs/state.ts'
import { framesOf, hop, ips, told } from './see.ts'

/* What the kernel lab measured of kube-proxy's rules on the vxlan lab (section 6): its rows as they were read there, and the rules we say kube-proxy writes. */

const SERVICE: Service = {
  name: 'web',
  ip: '10.96.0.10',
  port: 80,
  proto: 'tcp',
  nodePort: 30080,
  endpoints: [
    { ip: '10.1.15.2', port: 8080 },
    { ip: '10.1.20.3', port: 8080 },
  ],
}
type Endpoint = 'EP1' | 'EP2'

/** The lab with a Service; a web server in each endpoint. */
function lab(service: Service = SERVICE): Topology {
  const { chains, netfilter } = parseIptables(kubeProxy([service], { clusterCidr: '10.1.0.0/16' }))
  const socket = { proto: 'tcp', port: 8080, program: 'web' } as const
  return fromSpaces(
    spaces(topologyOf(capture('L2-flannel-vxlan'))).map((s) => {
      if (s.kind !== 'netns') return s
      if (s.name === 'node1' || s.name === 'node2')
        return { ...s, chains: [...chains, ...s.chains], netfilter: [...netfilter, ...s.netfilter] }
      return s.name === 'pod1' || s.name === 'pod2' ? { ...s, sockets: [socket] } : s
    }),
  )
}

interface Probe {
  readonly to?: Flow['to']
  readonly dport?: number
  readonly ttl?: number
  readonly src?: Flow['to']
  readonly edits?: readonly Edit[]
  readonly service?: Service
  readonly proto?: Flow['proto']
}
/** A connection to the service, with a draw that gives it this endpoint. Everybody is known. */
function go(from: string, endpoint: Endpoint, p: Probe = {}): Walk {
  const t = applyAll(lab(p.service), p.edits ?? [])
  const flow: Flow = {
    from,
    to: p.to ?? '10.96.0.10',
    proto: p.proto ?? 'tcp',
    dport: p.proto === 'icmp' ? 0 : (p.dport ?? 80),
    sport: 40003,
    size: 18,
    answer: 22,
    ttl: p.ttl ?? 64,
    ...(p.src === undefined ? {} : { src: p.src }),
  }
  for (let draw = 0; draw < 64; draw += 1) {
    const w = walk(t, { ...flow, draw }, { warm: true })
    const chosen = w.steps
      .map((s) => s.decision)
      .find((d) => d.kind === 'hook' && d.draws !== undefined)
    if (chosen === undefined) return w
    if (
      chosen.kind === 'hook' &&
      chosen.to?.endsWith(endpoint === 'EP1' ? '10.1.15.2:8080' : '10.1.20.3:8080') === true
    )
      return w
  }
  throw new Error(`no draw of 64 gives ${endpoint}`)
}

const NAMES: Readonly<Record<string, string>> = {
  '0a:58:0a:01:0f:02': 'pod1.eth0',
  '0a:58:0a:01:0f:03': 'pod3.eth0',
  '0a:58:0a:01:0f:01': 'node1.cni0',
  '02:f1:0a:01:0f:00': 'node1.flannel.1',
  '02:f1:0a:01:14:00': 'node2.flannel.1',
}
/** Rows as the tables of the facts have them: tap, L2, addresses, ports, TTL. */
function rows(w: Walk, label: string): string[] {
  return framesOf(w, label)
    .filter((f) => f.packet.headers.length === 3)
    .map((f) => {
      const [tap, l2, addresses, ports, ttl] = hop(f)
      return `${tap} ${l2
        .split('>')
        .map((m) => NAMES[m] ?? m)
        .join('→')} ${addresses} ${ports} ttl ${ttl}`
    })
}
/** Whom the endpoint sees as its client, and with what TTL. */
function client(w: Walk, pod: string): string {
  const f = framesOf(w, 'SYN').find((x) => x.in === pod && x.dir === 'in')!
  return `${ips(f)[0]!.src} ttl ${ips(f)[0]!.ttl}`
}
const taps = (w: Walk, label: string): string[] =>
  framesOf(w, label).map((f) => `${f.in}/${f.dev} ${f.dir}`)

describe('ClusterIP from a pod, endpoint on the other node', () => {
  const w = go('pod3', 'EP2')
  it('the SYN: DNAT shows from cni0 on', () =>
    expect(rows(w, 'SYN').slice(0, 4)).toEqual([
      'pod3/eth0 out pod3.eth0→node1.cni0 10.1.15.3>10.96.0.10 40003>80 ttl 64',
      'node1/veth3 in otherhost pod3.eth0→node1.cni0 10.1.15.3>10.96.0.10 40003>80 ttl 64',
      'node1/cni0 in pod3.eth0→node1.cni0 10.1.15.3>10.1.20.3 40003>8080 ttl 64',
      'node1/flannel.1 out node1.flannel.1→node2.flannel.1 10.1.15.3>10.1.20.3 40003>8080 ttl 63',
    ]))
  it('the SYN-ACK: it is undone from cni0 on', () =>
    expect(rows(w, 'SYN-ACK').slice(-4)).toEqual([
      'node1/flannel.1 in node2.flannel.1→node1.flannel.1 10.1.20.3>10.1.15.3 8080>40003 ttl 63',
      'node1/cni0 out node1.cni0→pod3.eth0 10.96.0.10>10.1.15.3 80>40003 ttl 62',
      'node1/veth3 out node1.cni0→pod3.eth0 10.96.0.10>10.1.15.3 80>40003 ttl 62',
      'pod3/eth0 in node1.cni0→pod3.eth0 10.96.0.10>10.1.15.3 80>40003 ttl 62',
    ]))
  it('is 74 bytes in every frame of it, asks for MSS 1410, and completes', () => {
    expect(
      new Set(
        framesOf(w, 'SYN')
          .filter((f) => f.packet.headers.length === 3)
          .map((f) => hop(f)[5]),
      ),
    ).toEqual(new Set(['60/74']))
    expect(find(framesOf(w, 'SYN')[0]!.packet, 'tcp')!.options[0]).toEqual({
      kind: 'mss',
      value: 1410,
    })
    expect(w.delivered).toBe(true)
  })
})

describe('ClusterIP from a pod, endpoint on its own node', () => {
  const w = go('pod3', 'EP1')
  it('is switched, not routed: TTL 64, pod3’s MAC, and a frame that shows on cni0 only', () =>
    expect([...rows(w, 'SYN'), ...rows(w, 'SYN-ACK')]).toEqual([
      'pod3/eth0 out pod3.eth0→node1.cni0 10.1.15.3>10.96.0.10 40003>80 ttl 64',
      'node1/veth3 in otherhost pod3.eth0→node1.cni0 10.1.15.3>10.96.0.10 40003>80 ttl 64',
      'node1/cni0 out node1.cni0→pod1.eth0 10.1.15.3>10.1.15.2 40003>8080 ttl 64',
      'node1/veth1 out pod3.eth0→pod1.eth0 10.1.15.3>10.1.15.2 40003>8080 ttl 64',
      'pod1/eth0 in pod3.eth0→pod1.eth0 10.1.15.3>10.1.15.2 40003>8080 ttl 64',
      'pod1/eth0 out pod1.eth0→pod3.eth0 10.1.15.2>10.1.15.3 8080>40003 ttl 64',
      'node1/veth1 in otherhost pod1.eth0→pod3.eth0 10.1.15.2>10.1.15.3 8080>40003 ttl 64',
      'node1/veth3 out pod1.eth0→pod3.eth0 10.96.0.10>10.1.15.3 80>40003 ttl 64',
      'pod3/eth0 in pod1.eth0→pod3.eth0 10.96.0.10>10.1.15.3 80>40003 ttl 64',
    ]))
  it('completes', () => expect(w.delivered).toBe(true))
  it('bridge-nf-call-iptables=0: routed on the way there, untranslated on the way back, and pod3 resets', () => {
    const off = go('pod3', 'EP1', {
      edits: [
        {
          op: 'set',
          in: 'node1',
          table: 'sysctls',
          where: { key: 'net.bridge.bridge-nf-call-iptables' },
          to: { value: 0 },
        },
      ],
    })
    expect(client(off, 'pod1')).toBe('10.1.15.3 ttl 63')
    expect(taps(off, 'SYN')).toContain('node1/cni0 in')
    expect(rows(off, 'SYN-ACK').at(-1)).toBe(
      'pod3/eth0 in pod1.eth0→pod3.eth0 10.1.15.2>10.1.15.3 8080>40003 ttl 64',
    )
    expect(told(off)).toBe('silence: no-socket in pod3')
    expect(framesOf(off, 'RST')[0]!.in).toBe('pod3')
  })
})

describe('a pod that reaches itself', () => {
  it('is seen as 10.1.15.1 with another port; the frame goes back with its own MAC as both ends', () => {
    const w = go('pod1', 'EP1')
    expect(w.delivered).toBe(true)
    expect(client(w, 'pod1')).toMatch(/^10\.1\.15\.1 /)
    expect(rows(w, 'SYN').find((r) => r.startsWith('node1/veth1 out'))).toMatch(
      /^node1\/veth1 out pod1\.eth0→pod1\.eth0 10\.1\.15\.1>10\.1\.15\.2 (?!40003>)\d+>8080 /,
    )
  })
  it('hairpin mode off: silence, last seen on cni0', () => {
    const w = go('pod1', 'EP1', {
      edits: [
        { op: 'set', in: 'node1', table: 'devs', where: { name: 'veth1' }, to: { hairpin: false } },
      ],
    })
    expect(told(w)).toBe('silence: bridge-no-target in node1')
    expect(taps(w, 'SYN').at(-1)).toBe('node1/cni0 out')
  })
})

describe('from a node', () => {
  it.each([
    ['EP2', 'pod2', '10.1.15.0 ttl 63'],
    ['EP1', 'pod1', '10.1.15.1 ttl 64'],
  ] as const)(
    'node1 to %s: the source is the address of the device it leaves by',
    (endpoint, pod, seen) => {
      const w = go('node1', endpoint)
      expect(w.delivered).toBe(true)
      expect(client(w, pod)).toBe(seen)
      expect(taps(w, 'SYN').filter((t) => t.includes('/lo '))).toEqual([])
    },
  )
  it.each([
    ['EP2', 'pod2', '10.1.15.0 ttl 62'],
    ['EP1', 'pod1', '10.1.15.1 ttl 63'],
  ] as const)('outside to node1:30080, %s', (endpoint, pod, seen) => {
    const w = go('vpc', endpoint, { to: '192.168.0.100', dport: 30080, src: '203.0.113.10' })
    expect(w.delivered).toBe(true)
    expect(client(w, pod)).toBe(seen)
    const back = framesOf(w, 'SYN-ACK').find(
      (f) => f.in === 'node1' && f.dev === 'eth0' && f.dir === 'out',
    )!
    expect([ips(back)[0]!.src, find(back.packet, 'tcp')!.sport]).toEqual(['192.168.0.100', 30080])
  })
})

describe('what goes wrong', () => {
  const quoted = (w: Walk, label: string) => parseQuote(framesOf(w, label).at(-1)!.packet.payload)
  it('endpoint without listener: the reset comes from the service', () => {
    const w = go('pod3', 'EP2', {
      edits: [{ op: 'del', in: 'pod2', table: 'sockets', where: { port: 8080 } }],
    })
    const rst = framesOf(w, 'RST').at(-1)!
    expect([rst.in, ips(rst)[0]!.src, find(rst.packet, 'tcp')!.sport]).toEqual([
      'pod3',
      '10.96.0.10',
      80,
    ])
  })
  it.each([
    [1, 'node1', '10.1.15.1'],
    [2, 'node2', '10.1.20.0'],
  ] as const)('TTL %d: %s answers, and the client sees the ClusterIP', (ttl, by, address) => {
    const w = go('pod3', 'EP2', { ttl })
    const made = w.steps.find((s) => s.decision.kind === 'icmp' && s.decision.did === 'make')!
    expect([made.in, find(made.packet, 'ipv4')!.src]).toEqual([by, address])
    expect(told(w)).toBe('ICMP 11/0 from 10.96.0.10')
    const q = quoted(w, 'time exceeded')
    expect([find(q, 'ipv4')!.dst, find(q, 'tcp')?.dport]).toEqual(['10.96.0.10', 80])
  })
  it('no endpoints: 3/3 from 10.1.15.1, quoted TTL 63', () => {
    const w = go('pod3', 'EP1', { service: { ...SERVICE, endpoints: [] } })
    expect(told(w)).toBe('ICMP 3/3 from 10.1.15.1')
    expect(find(quoted(w, 'port unreachable'), 'ipv4')!.ttl).toBe(63)
  })
  it.each<[string, Probe, string]>([
    ['another port', { dport: 81 }, 'SYN'],
    ['a ping', { proto: 'icmp' }, 'echo request'],
  ])(
    '%s is no service packet: masqueraded to the default route, 3/0 from 192.168.0.1',
    (_, p, label) => {
      const w = go('pod3', 'EP1', p)
      expect(told(w)).toBe('ICMP 3/0 from 192.168.0.1')
      expect(ips(framesOf(w, label).findLast((f) => f.in === 'node1')!)[0]!.src).toBe(
        '192.168.0.100',
      )
    },
  )
})
