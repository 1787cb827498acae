import { TUNNEL, type Mode } from './modes.ts'

/*
 * What Felix v3.30 writes into iptables and ipsets where no policy and no host endpoint is (felix/rules/static.go, endpoints.go, dispatch.go, nat.go). Left out: the hashes in
 * comments by which it finds its rules again, and what is for IPv6, WireGuard and floating addresses.
 */

/** Marks of a packet: accepted, passed on to the next tier, came from a pod, and a scratch. */
const [ACCEPTED, PASSED, FROM_POD, SCRATCH] = [0x10000, 0x20000, 0x80000, 0x100000] as const
const OWN = ACCEPTED | PASSED | FROM_POD | SCRATCH
const hex = (bits: number): string => `0x${bits.toString(16)}`
const mark = (bits: number): string => `-j MARK --set-xmark ${hex(bits)}/${hex(bits)}`
const clear = (bits: number): string => `-j MARK --set-xmark 0x0/${hex(bits)}`
const has = (bits: number): string => `-m mark --mark ${hex(bits)}/${hex(bits)}`
const hasNot = (bits: number): string => `-m mark --mark 0x0/${hex(bits)}`
const says = (comment: string): string => `-m comment --comment "${comment}"`

/** The sets of what is in a pool with natOutgoing, of all pools, and of the machines that may send wrapped packets. */
export const MASQ_POOLS = 'cali40masq-ipam-pools'
export const ALL_POOLS = 'cali40all-ipam-pools'
export const HOSTS = {
  ipip: 'cali40all-hosts-net',
  'cross-subnet': 'cali40all-hosts-net',
  vxlan: 'cali40all-vxlan-net',
  bgp: null,
} as const satisfies { readonly [M in Mode]: string | null }

/** A table. `jumps` stand before everybody else's in the built-in chains (ChainInsertMode Insert); names are without cali- before them. */
interface Rules {
  readonly table: string
  readonly chains: readonly string[]
  readonly jumps: readonly string[]
  readonly rules: readonly string[]
}

function raw(mode: Mode): Rules {
  // What is wrapped is no connection of anybody's.
  const untracked = mode === 'vxlan' ? ['-p udp -m udp --dport 4789 -j NOTRACK'] : []
  return {
    table: 'raw',
    chains: ['PREROUTING', 'OUTPUT', 'rpf-skip', 'from-host-endpoint', 'to-host-endpoint'],
    jumps: ['PREROUTING -j cali-PREROUTING', 'OUTPUT -j cali-OUTPUT'],
    rules: [
      ...[
        clear(OWN),
        ...untracked,
        `-i cali+ ${mark(FROM_POD)}`,
        `${has(FROM_POD)} -j cali-rpf-skip`,
        `${has(FROM_POD)} -m rpfilter --validmark --invert -j DROP`,
        `${hasNot(FROM_POD)} -j cali-from-host-endpoint`,
        `${has(ACCEPTED)} -j ACCEPT`,
      ].map((r) => `PREROUTING ${r}`),
      ...[clear(OWN), '-j cali-to-host-endpoint', ...untracked, `${has(ACCEPTED)} -j ACCEPT`].map(
        (r) => `OUTPUT ${r}`,
      ),
    ],
  }
}

const MANGLE: Rules = {
  table: 'mangle',
  chains: ['PREROUTING', 'POSTROUTING', 'from-host-endpoint', 'to-host-endpoint'],
  jumps: ['PREROUTING -j cali-PREROUTING', 'POSTROUTING -j cali-POSTROUTING'],
  rules: [
    'PREROUTING -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    `PREROUTING ${has(ACCEPTED)} -j ACCEPT`,
    'PREROUTING -j cali-from-host-endpoint',
    `PREROUTING ${has(ACCEPTED)} -j ACCEPT`,
    `POSTROUTING ${has(ACCEPTED)} -j RETURN`,
    `POSTROUTING ${clear(OWN)}`,
    'POSTROUTING -m conntrack --ctstate DNAT -j cali-to-host-endpoint',
    `POSTROUTING ${has(ACCEPTED)} -j RETURN`,
  ],
}

/** A pod is itself within the pools, and its node to everybody else. What the node itself sends with another of its addresses through a tunnel has the tunnel's: only that is led back through it. */
function nat(mode: Mode): Rules {
  const tunnel = TUNNEL[mode]
  return {
    table: 'nat',
    chains: ['PREROUTING', 'OUTPUT', 'POSTROUTING', 'fip-dnat', 'fip-snat', 'nat-outgoing'],
    jumps: [
      'PREROUTING -j cali-PREROUTING',
      'OUTPUT -j cali-OUTPUT',
      'POSTROUTING -j cali-POSTROUTING',
    ],
    rules: [
      'PREROUTING -j cali-fip-dnat',
      'OUTPUT -j cali-fip-dnat',
      'POSTROUTING -j cali-fip-snat',
      'POSTROUTING -j cali-nat-outgoing',
      ...(tunnel === null
        ? []
        : [
            `POSTROUTING -o ${tunnel} -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL -j MASQUERADE --random-fully`,
          ]),
      `nat-outgoing -m set --match-set ${MASQ_POOLS} src -m set ! --match-set ${ALL_POOLS} dst -j MASQUERADE --random-fully`,
    ],
  }
}

/** A node's own chains, what of a tunnel is let in, and a pair of chains for each pod. */
function filter(mode: Mode, pods: readonly string[]): Rules {
  const { into, out } = wrapped(mode)
  return {
    table: 'filter',
    chains: [
      'INPUT',
      'FORWARD',
      'OUTPUT',
      'from-hep-forward',
      'to-hep-forward',
      'from-host-endpoint',
      'to-host-endpoint',
      'cidr-block',
      'wl-to-host',
      'from-wl-dispatch',
      'to-wl-dispatch',
      ...PROFILES.flatMap((p) => [`pri-${p}`, `pro-${p}`]),
      ...pods.flatMap((i) => [`tw-${i}`, `fw-${i}`]),
    ],
    jumps: ['INPUT -j cali-INPUT', 'FORWARD -j cali-FORWARD', 'OUTPUT -j cali-OUTPUT'],
    rules: [
      ...[
        clear(OWN & ~ACCEPTED),
        `${hasNot(ACCEPTED)} -j cali-from-hep-forward`,
        '-i cali+ -j cali-from-wl-dispatch',
        '-o cali+ -j cali-to-wl-dispatch',
        '-j cali-to-hep-forward',
        '-j cali-cidr-block',
      ].map((r) => `FORWARD ${r}`),
      ...[
        ...into,
        '-i cali+ -g cali-wl-to-host',
        `${has(ACCEPTED)} -j ACCEPT`,
        clear(OWN),
        '-j cali-from-host-endpoint',
        `${has(ACCEPTED)} -j ACCEPT`,
      ].map((r) => `INPUT ${r}`),
      ...[
        `${has(ACCEPTED)} -j ACCEPT`,
        '-o cali+ -j RETURN',
        ...out,
        clear(OWN),
        '-m conntrack ! --ctstate DNAT -j cali-to-host-endpoint',
        `${has(ACCEPTED)} -j ACCEPT`,
      ].map((r) => `OUTPUT ${r}`),
      'wl-to-host -j cali-from-wl-dispatch',
      `wl-to-host ${says('Configured DefaultEndpointToHostAction')} -j ACCEPT`,
      ...pods.flatMap((i) => [
        `from-wl-dispatch -i ${i} -g cali-fw-${i}`,
        `to-wl-dispatch -o ${i} -g cali-tw-${i}`,
      ]),
      ...['from', 'to'].map((d) => `${d}-wl-dispatch ${says('Unknown interface')} -j DROP`),
      ...pods.flatMap((i) => [...ofPod('t', i), ...ofPod('f', i)]),
      ...(['i', 'o'] as const).flatMap((d) => {
        const chain = `pr${d}-${PROFILES[0]}`
        const which = says(`Profile ${PROFILES[0]} ${d === 'i' ? 'ingress' : 'egress'}`)
        return [`${chain} ${which} ${mark(ACCEPTED)}`, `${chain} ${has(ACCEPTED)} -j RETURN`]
      }),
    ],
  }
}

/** Every pod has the profile of its namespace, which lets all pass, and that of its service account, in which nothing stands and whose name is hashed. */
const PROFILES = ['kns.default', '_HASH_ksa'] as const

/** What comes to a pod (t), and what it sends (f): never anything wrapped. */
function ofPod(d: 't' | 'f', cali: string): readonly string[] {
  const by = d === 't' ? 'pri' : 'pro'
  return [
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-m conntrack --ctstate INVALID -j DROP',
    clear(ACCEPTED | PASSED),
    ...(d === 't'
      ? []
      : [
          `-p udp ${says('Drop VXLAN encapped packets originating in workloads')} -m multiport --dports 4789 -j DROP`,
          `-p ipencap ${says('Drop IPinIP encapped packets originating in workloads')} -j DROP`,
        ]),
    ...PROFILES.flatMap((p) => [
      `-j cali-${by}-${p}`,
      `${has(ACCEPTED)} ${says('Return if profile accepted')} -j RETURN`,
    ]),
    `${says('Drop if no profiles matched')} -j DROP`,
  ].map((r) => `${d}w-${cali} ${r}`)
}

/** Of whom a node takes wrapped packets: of those that it has in a set. */
function wrapped(mode: Mode): {
  readonly into: readonly string[]
  readonly out: readonly string[]
} {
  const set = HOSTS[mode]
  if (set === null) return { into: [], out: [] }
  const what = mode === 'vxlan' ? '-p udp -m multiport --dports 4789' : '-p ipencap'
  const dst = mode === 'vxlan' ? ' -m addrtype --dst-type LOCAL' : ''
  return {
    into: [
      `${what} -m set --match-set ${set} src -m addrtype --dst-type LOCAL -j ACCEPT`,
      `${what}${dst} -j DROP`,
    ],
    out: [
      mode === 'vxlan'
        ? `${what} -m addrtype --src-type LOCAL -m set --match-set ${set} dst -j ACCEPT`
        : `${what} -m set --match-set ${set} dst -m addrtype --src-type LOCAL -j ACCEPT`,
    ],
  }
}

const tables = (mode: Mode, pods: readonly string[]): readonly Rules[] => [
  raw(mode),
  MANGLE,
  nat(mode),
  filter(mode, pods),
]

/** The jumps out of the built-in chains, as iptables-save prints them. */
export function jumps(mode: Mode): string {
  return tables(mode, [])
    .flatMap((t) => [`*${t.table}`, ...t.jumps.map((r) => `-A ${r}`)])
    .join('\n')
}

/** What it has at the end of FORWARD: what its chains let pass goes, whatever the policy is. */
const BEHIND = `*filter
-A FORWARD ${has(ACCEPTED)} ${says('Policy explicitly accepted packet.')} -j ACCEPT
-A FORWARD ${mark(ACCEPTED)}`

/** The chains that they lead to; `pods` are the nodes' ends of the pods' pairs. */
export function chains(mode: Mode, pods: readonly string[]): string {
  return tables(mode, pods)
    .flatMap((t) => [
      `*${t.table}`,
      ...t.chains.map((c) => `:cali-${c} - [0:0]`),
      ...t.rules.map((r) => `-A cali-${r}`),
    ])
    .concat(BEHIND)
    .join('\n')
}
