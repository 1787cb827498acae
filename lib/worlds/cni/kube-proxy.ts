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
  /** Local: who comes from outside by the node port gets an endpoint of the node that he came to, or nobody. Cluster when left out. */
  readonly externalTrafficPolicy?: 'Local'
  /** ClientIP: who came less than so many seconds ago gets the endpoint that he had (sessionAffinityConfig.clientIP.timeoutSeconds). */
  readonly affinity?: number
  readonly endpoints: readonly {
    readonly ip: Address
    readonly port: number
    readonly node?: string
  }[]
}

/** What kube-proxy calls a port: `default/backend:http`; the port without a name is `default/backend`. */
function portOf(s: Service): string {
  return `default/${s.name}${s.portName === undefined ? '' : `:${s.portName}`}`
}

/** servicePortChainName(), servicePortEndpointChainName(): 16 characters of the hash, since a chain's name has at most 28. */
function chainName(kind: 'SVC' | 'SVL' | 'EXT' | 'SEP', s: Service, endpoint = ''): string {
  return `KUBE-${kind}-${base32(sha256(`${portOf(s)}${s.proto}${endpoint}`), 16)}`
}

interface Lines {
  readonly chains: string[]
  readonly nat: string[]
  readonly filter: string[]
}

/** Where kube-proxy runs: `clusterCidr` is its --cluster-cidr, null if it has none; `node`, its own, tells which endpoints are near. */
export interface Where {
  readonly clusterCidr: Cidr | null
  readonly node?: string
}

/** A rule's matches on protocol and port, behind what it is about. */
const at = (s: Service, port: number, comment: string): string =>
  `-p ${s.proto} -m comment --comment "${comment}" -m ${s.proto} --dport ${port}`
/** As text, as EndpointSlices are sorted. */
const sorted = (endpoints: Service['endpoints']): string[] =>
  endpoints.map((e) => `${e.ip}:${e.port}`).toSorted()

/** What one Service adds: rules of nat if somebody is behind it, rules of filter that refuse if nobody is. */
function service(s: Service, { clusterCidr, node }: Where): Lines {
  const name = portOf(s)
  if (s.endpoints.length === 0)
    return { chains: [], nat: [], filter: refused(s, `${name} has no endpoints`) }
  const local = s.externalTrafficPolicy === 'Local'
  const endpoints = sorted(s.endpoints)
  const near = local ? sorted(s.endpoints.filter((e) => e.node === node)) : []
  const [svc, svl, ext] = [chainName('SVC', s), chainName('SVL', s), chainName('EXT', s)]
  const sep = (e: string): string => chainName('SEP', s, e)
  const outside =
    clusterCidr === null
      ? []
      : [
          `-A ${svc} ! -s ${clusterCidr} -d ${s.ip}/32 ${at(s, s.port, `${name} cluster IP`)} -j KUBE-MARK-MASQ`,
        ]
  return {
    chains: [
      svc,
      ...(near.length === 0 ? [] : [svl]),
      ...(s.nodePort === undefined ? [] : [ext]),
      ...endpoints.map(sep),
    ],
    filter:
      !local || near.length > 0 || s.nodePort === undefined
        ? []
        : [
            `-A KUBE-EXTERNAL-SERVICES ${external(s, s.nodePort, `${name} has no local endpoints`)} -j DROP`,
          ],
    nat: [
      `-A KUBE-SERVICES -d ${s.ip}/32 ${at(s, s.port, `${name} cluster IP`)} -j ${svc}`,
      ...(s.nodePort === undefined
        ? []
        : [
            `-A KUBE-NODEPORTS ${at(s, s.nodePort, name)} -j ${ext}`,
            ...(local ? nearFirst(s, clusterCidr) : anywhere(s)),
            ...(near.length === 0 ? [] : [`-A ${ext} -j ${svl}`]),
          ]),
      ...outside,
      ...shared(svc, endpoints, s),
      ...shared(svl, near, s),
      // A pod that reaches itself would answer itself: marked to be masqueraded.
      ...endpoints.flatMap((e) => [
        `-A ${sep(e)} -s ${e.slice(0, e.indexOf(':'))}/32 -m comment --comment "${name}" -j KUBE-MARK-MASQ`,
        `-A ${sep(e)} -p ${s.proto} -m comment --comment "${name}"${s.affinity === undefined ? '' : ` -m recent --set --name ${sep(e)} --mask 255.255.255.255 --rsource`} -m ${s.proto} -j DNAT --to-destination ${e}`,
      ]),
    ],
  }
}

const external = (s: Service, nodePort: number, comment: string): string =>
  `-p ${s.proto} -m comment --comment "${comment}" -m addrtype --dst-type LOCAL -m ${s.proto} --dport ${nodePort}`

/** Nobody is behind it. */
function refused(s: Service, why: string): string[] {
  return [
    `-A KUBE-SERVICES -d ${s.ip}/32 ${at(s, s.port, why)} -j REJECT`,
    ...(s.nodePort === undefined
      ? []
      : [`-A KUBE-EXTERNAL-SERVICES ${external(s, s.nodePort, why)} -j REJECT`]),
  ]
}

/** externalTrafficPolicy Cluster: whoever comes in by a node port is masqueraded, so that the answer comes back to this node. */
function anywhere(s: Service): string[] {
  const ext = chainName('EXT', s)
  return [
    `-A ${ext} -m comment --comment "masquerade traffic for ${portOf(s)} external destinations" -j KUBE-MARK-MASQ`,
    `-A ${ext} -j ${chainName('SVC', s)}`,
  ]
}

/** externalTrafficPolicy Local: pods and the node itself may go anywhere; everybody else goes on behind these rules, to endpoints of this node, by his own address. */
function nearFirst(s: Service, clusterCidr: Cidr | null): string[] {
  const [ext, svc] = [chainName('EXT', s), chainName('SVC', s)]
  const to = `for ${portOf(s)} external destinations`
  return [
    ...(clusterCidr === null
      ? []
      : [`-A ${ext} -s ${clusterCidr} -m comment --comment "pod traffic ${to}" -j ${svc}`]),
    `-A ${ext} -m comment --comment "masquerade LOCAL traffic ${to}" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
    `-A ${ext} -m comment --comment "route LOCAL traffic ${to}" -m addrtype --src-type LOCAL -j ${svc}`,
  ]
}

/** Who has been at an endpoint comes to it again. Rule i of n matches one in n - i of those that come to it, the last one all: each endpoint gets the same share. */
function shared(chain: string, endpoints: readonly string[], s: Service): string[] {
  const had =
    s.affinity === undefined
      ? []
      : endpoints.map((e) => {
          const sep = chainName('SEP', s, e)
          return `-A ${chain} -m comment --comment "${portOf(s)} -> ${e}" -m recent --rcheck --seconds ${s.affinity} --reap --name ${sep} --mask 255.255.255.255 --rsource -j ${sep}`
        })
  const drawn = endpoints.map((e, i) => {
    const share = (1 / (endpoints.length - i)).toFixed(10)
    const random =
      i === endpoints.length - 1 ? '' : ` -m statistic --mode random --probability ${share}`
    return `-A ${chain} -m comment --comment "${portOf(s)} -> ${e}"${random} -j ${chainName('SEP', s, e)}`
  })
  return [...had, ...drawn]
}

const NEW = '-m conntrack --ctstate NEW'
const says = (comment: string): string => `-m comment --comment "${comment}"`
const FIREWALL = says('kubernetes load balancer firewall')
const EXTERNAL = says('kubernetes externally-visible service portals')
const PORTALS = says('kubernetes service portals')

/**
 * The rules of kube-proxy v1.30 in iptables mode, as iptables-save prints them (pkg/proxy/iptables/proxier.go, syncProxyRules). It puts its jumps
 * at the head of the built-in chains, so they stand before a network plugin's.
 * Not modelled: KUBE-FIREWALL and route_localnet (node ports on 127.0.0.1), the canary chains, load balancers.
 */
export function kubeProxy(services: readonly Service[], where: Where): string {
  const all = services.map((s) => service(s, where))
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
