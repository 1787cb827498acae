import { SCENARIOS, type Edit, type TableName } from '#lib/index.ts'

/** What a sandbox is: a network, how many nodes and pods, the NICs' MTU, who talks to whom, and rows changed on top. */
export interface Box { readonly network: string; readonly nodes: number; readonly pods: number; readonly mtu: number; readonly from: string; readonly to: string; readonly edits: readonly Edit[] }
export const START: Box = { network: 'flannel-vxlan', nodes: 2, pods: 2, mtu: 1500, from: 'pod-1-1', to: 'pod-2-2', edits: [] }
export const MOST = { nodes: 8, pods: 12 } as const

const ofNode = (b: Box, n: number): Readonly<Record<string, string>> => ({ name: `node-${n}`, ip: `192.168.0.${10 + n}`, ...(b.network.startsWith('flannel') ? { podCidr: `10.1.${n}.0/24` } : {}) })

/** What stands in the cluster file of a sandbox. */
export function clusterValue(b: Box): Readonly<Record<string, unknown>> {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)
  return {
    'packet-walk': 1, network: b.network, mtu: b.mtu, nodes: upTo(b.nodes).map((n) => ofNode(b, n)),
    pods: upTo(b.nodes).flatMap((n) => upTo(b.pods).map((p) => ({ name: `pod-${n}-${p}`, node: `node-${n}`, listen: ['tcp/8080'] }))), hosts: [{ name: 'internet', ip: '203.0.113.10', listen: ['tcp/443'] }],
  }
}

const flow = (value: unknown): string => Array.isArray(value) ? `[${value.map(flow).join(', ')}]` : typeof value === 'object' && value !== null ? `{ ${Object.entries(value).map(([k, v]) => `${k}: ${flow(v)}`).join(', ')} }` : String(value)

/** The same as text in YAML: what `packet-walk trace` takes too. */
export function clusterText(b: Box): string {
  return Object.entries(clusterValue(b)).map(([k, v]) => (Array.isArray(v) ? `${k}:\n${v.map((x) => `  - ${flow(x)}\n`).join('')}` : `${k}: ${flow(v)}\n`)).join('')
}

/** A sandbox as the part of a link behind `sandbox=`. */
export function toLink(b: Box): string {
  return `#sandbox=${encodeURIComponent(JSON.stringify([1, b.network, b.nodes, b.pods, b.mtu, b.from, b.to, b.edits]))}`
}

const TABLES: ReadonlySet<string> = new Set(['devs', 'rules', 'routes', 'neigh', 'fdb', 'chains', 'netfilter', 'conntrack', 'sockets', 'sysctls', 'daemons', 'leases', 'enis', 'subnets', 'vpcRoutes', 'sgRules', 'aclRules', 'sgFlows', 'gateways', 'outside'] satisfies TableName[])

/** Read a link; what it says that cannot be is left at its start, with a notice. */
export function fromLink(hash: string): { readonly box: Box; readonly notice: string | null } | null {
  const m = /(?:^#|&)sandbox=([^&]*)/.exec(hash)
  if (m === null) return null
  const notice = 'This link is old or damaged; what could be read of it is here.'
  try {
    const [version, network, nodes, pods, mtu, from, to, edits] = JSON.parse(decodeURIComponent(m[1] ?? '')) as unknown[]
    if (version !== 1) return { box: START, notice }
    const count = (x: unknown, most: number, start: number): number => (Number.isInteger(x) && (x as number) >= 1 && (x as number) <= most ? (x as number) : start)
    const box: Box = {
      network: typeof network === 'string' && Object.hasOwn(SCENARIOS, network) ? network : START.network, nodes: count(nodes, MOST.nodes, START.nodes), pods: count(pods, MOST.pods, START.pods),
      mtu: count(mtu, 9001, START.mtu), from: typeof from === 'string' ? from.slice(0, 64) : START.from, to: typeof to === 'string' ? to.slice(0, 64) : START.to,
      edits: Array.isArray(edits) ? edits.filter(isEdit).slice(0, 100) : [],
    }
    return { box, notice: box.network === network && box.nodes === nodes && box.pods === pods ? null : notice }
  } catch {
    return { box: START, notice }
  }
}

function isEdit(x: unknown): x is Edit {
  if (typeof x !== 'object' || x === null) return false
  const e = x as Record<string, unknown>
  return typeof e['in'] === 'string' && typeof e['table'] === 'string' && TABLES.has(e['table']) && (e['op'] === 'del' || e['op'] === 'set') && typeof e['where'] === 'object' && e['where'] !== null && (e['op'] === 'del' || (typeof e['to'] === 'object' && e['to'] !== null))
}
