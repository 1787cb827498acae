import type { Cidr, Address } from '#lib/wire/addr.ts'
import { base32, sha256 } from '#lib/worlds/hash/sha256.ts'

/** One port of a Service, with the pods that are behind it. */
export interface Service {
  readonly name: string
  /** Needed only where a Service has several ports. */
  readonly portName?: string
  readonly ip: Address
  readonly port: number
  readonly proto: 'tcp' | 'udp'
  readonly nodePort?: number
  readonly endpoints: readonly { readonly ip: Address; readonly port: number }[]
}

/** What kube-proxy calls a port: `default/backend:http`; the port without a name is `default/backend`. */
function portOf(s: Service): string {
  return `default/${s.name}${s.portName === undefined ? '' : `:${s.portName}`}`
}

/** servicePortChainName(), servicePortEndpointChainName(): 16 characters of the hash, since a chain's name has at most 28. */
function chainName(kind: 'SVC' | 'EXT' | 'SEP', s: Service, endpoint = ''): string {
  return `KUBE-${kind}-${base32(sha256(`${portOf(s)}${s.proto}${endpoint}`), 16)}`
}

interface Lines {
  readonly chains: string[]
  readonly nat: string[]
  readonly filter: string[]
}

/** What one Service adds: rules of nat if somebody is behind it, rules of filter that refuse if nobody is. */
function service(s: Service, clusterCidr: Cidr | null): Lines {
  const name = portOf(s)
  const at = (comment: string, port: number, dst = ''): string =>
    `${dst}-p ${s.proto} -m comment --comment "${comment}" -m ${s.proto} --dport ${port}`
  const clusterIp = `-d ${s.ip}/32 `
  if (s.endpoints.length === 0) {
    const none = `${name} has no endpoints`
    const nodePort =
      s.nodePort === undefined
        ? []
        : [
            `-A KUBE-EXTERNAL-SERVICES -p ${s.proto} -m comment --comment "${none}" -m addrtype --dst-type LOCAL -m ${s.proto} --dport ${s.nodePort} -j REJECT`,
          ]
    return {
      chains: [],
      nat: [],
      filter: [`-A KUBE-SERVICES ${at(none, s.port, clusterIp)} -j REJECT`, ...nodePort],
    }
  }
  // EndpointSlices are sorted by address and port as text.
  const endpoints = s.endpoints.map((e) => `${e.ip}:${e.port}`).toSorted()
  const svc = chainName('SVC', s)
  const ext = chainName('EXT', s)
  const sep = (e: string): string => chainName('SEP', s, e)
  const outside =
    clusterCidr === null
      ? []
      : [
          `-A ${svc} ! -s ${clusterCidr} ${at(`${name} cluster IP`, s.port, clusterIp)} -j KUBE-MARK-MASQ`,
        ]
  return {
    chains: [svc, ...(s.nodePort === undefined ? [] : [ext]), ...endpoints.map(sep)],
    filter: [],
    nat: [
      `-A KUBE-SERVICES ${at(`${name} cluster IP`, s.port, clusterIp)} -j ${svc}`,
      // externalTrafficPolicy Cluster: whoever comes in by a node port is masqueraded, so that the answer comes back to this node.
      ...(s.nodePort === undefined
        ? []
        : [
            `-A KUBE-NODEPORTS ${at(name, s.nodePort)} -j ${ext}`,
            `-A ${ext} -m comment --comment "masquerade traffic for ${name} external destinations" -j KUBE-MARK-MASQ`,
            `-A ${ext} -j ${svc}`,
          ]),
      ...outside,
      // Rule i of n matches one in n - i of those that come to it, the last one all: each endpoint gets the same share.
      ...endpoints.map((e, i) => {
        const share = (1 / (endpoints.length - i)).toFixed(10)
        const random =
          i === endpoints.length - 1 ? '' : ` -m statistic --mode random --probability ${share}`
        return `-A ${svc} -m comment --comment "${name} -> ${e}"${random} -j ${sep(e)}`
      }),
      // A pod that reaches itself would answer itself: marked to be masqueraded.
      ...endpoints.flatMap((e) => [
        `-A ${sep(e)} -s ${e.slice(0, e.indexOf(':'))}/32 -m comment --comment "${name}" -j KUBE-MARK-MASQ`,
        `-A ${sep(e)} -p ${s.proto} -m comment --comment "${name}" -m ${s.proto} -j DNAT --to-destination ${e}`,
      ]),
    ],
  }
}

const NEW = '-m conntrack --ctstate NEW'
const says = (comment: string): string => `-m comment --comment "${comment}"`
const FIREWALL = says('kubernetes load balancer firewall')
const EXTERNAL = says('kubernetes externally-visible service portals')
const PORTALS = says('kubernetes service portals')

/**
 * The rules of kube-proxy v1.30 in iptables mode, as iptables-save prints them (pkg/proxy/iptables/proxier.go, syncProxyRules). It puts its jumps
 * at the head of the built-in chains, so they stand before a network plugin's. `clusterCidr` is --cluster-cidr; null: not given.
 * Not modelled: KUBE-FIREWALL and route_localnet (node ports on 127.0.0.1), the canary chains, session affinity, load balancers.
 */
export function kubeProxy(services: readonly Service[], clusterCidr: Cidr | null): string {
  const all = services.map((s) => service(s, clusterCidr))
  const chains = (names: readonly string[]): string => names.map((c) => `:${c} - [0:0]`).join('\n')
  return [
    '*nat',
    chains([
      'KUBE-MARK-MASQ',
      'KUBE-NODEPORTS',
      'KUBE-POSTROUTING',
      'KUBE-SERVICES',
      ...all.flatMap((x) => x.chains),
    ]),
    `-A PREROUTING ${PORTALS} -j KUBE-SERVICES`,
    `-A OUTPUT ${PORTALS} -j KUBE-SERVICES`,
    `-A POSTROUTING ${says('kubernetes postrouting rules')} -j KUBE-POSTROUTING`,
    '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000',
    // The mark comes off before masquerading: it would otherwise stay on the packet a tunnel wraps this one in (kubernetes PR 92035).
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000',
    `-A KUBE-POSTROUTING ${says('kubernetes service traffic requiring SNAT')} -j MASQUERADE --random-fully`,
    ...all.flatMap((x) => x.nat),
    `-A KUBE-SERVICES ${says('kubernetes service nodeports; NOTE: this must be the last rule in this chain')} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`,
    '*filter',
    chains([
      'KUBE-EXTERNAL-SERVICES',
      'KUBE-FORWARD',
      'KUBE-NODEPORTS',
      'KUBE-PROXY-FIREWALL',
      'KUBE-SERVICES',
    ]),
    `-A INPUT ${NEW} ${FIREWALL} -j KUBE-PROXY-FIREWALL`,
    `-A INPUT ${says('kubernetes health check service ports')} -j KUBE-NODEPORTS`,
    `-A INPUT ${NEW} ${EXTERNAL} -j KUBE-EXTERNAL-SERVICES`,
    `-A FORWARD ${NEW} ${FIREWALL} -j KUBE-PROXY-FIREWALL`,
    `-A FORWARD ${says('kubernetes forwarding rules')} -j KUBE-FORWARD`,
    `-A FORWARD ${NEW} ${PORTALS} -j KUBE-SERVICES`,
    `-A FORWARD ${NEW} ${EXTERNAL} -j KUBE-EXTERNAL-SERVICES`,
    `-A OUTPUT ${NEW} ${FIREWALL} -j KUBE-PROXY-FIREWALL`,
    `-A OUTPUT ${NEW} ${PORTALS} -j KUBE-SERVICES`,
    '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
    `-A KUBE-FORWARD ${says('kubernetes forwarding rules')} -m mark --mark 0x4000/0x4000 -j ACCEPT`,
    `-A KUBE-FORWARD ${says('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    ...all.flatMap((x) => x.filter),
  ].join('\n')
}
