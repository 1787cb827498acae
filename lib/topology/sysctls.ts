import { isDevice } from './grammar.ts'

/**
 * The sysctls that a namespace may have. The engine reads all but the last, which the labs set so that a lost neighbour is given up sooner; a walk has no clock.
 * Sources: net/ipv4/devinet.c, net/ipv4/sysctl_net_ipv4.c, net/bridge/br_netfilter_hooks.c, net/core/neighbour.c, net/netfilter/nf_conntrack_standalone.c. Any other key is refused: it would promise an effect.
 */
const WHOLE: readonly string[] = [
  'net.ipv4.ip_forward',
  'net.ipv4.ip_default_ttl',
  'net.ipv4.ip_no_pmtu_disc',
  'net.ipv4.icmp_ratelimit',
  'net.ipv4.ip_early_demux',
  'net.ipv4.tcp_early_demux',
  'net.ipv4.fib_multipath_hash_policy',
  'net.ipv4.fib_multipath_hash_seed',
  'net.ipv4.vs.conntrack',
  'net.netfilter.nf_conntrack_tcp_loose',
  'net.bridge.bridge-nf-call-iptables',
]
const OF_DEVICE: readonly { readonly before: string; readonly names: readonly string[] }[] = [
  {
    before: 'net.ipv4.conf.',
    names: [
      'forwarding',
      'rp_filter',
      'accept_local',
      'route_localnet',
      'send_redirects',
      'proxy_arp',
      'arp_ignore',
      'arp_announce',
      'arp_filter',
    ],
  },
  { before: 'net.ipv4.neigh.', names: ['proxy_delay', 'retrans_time_ms'] },
]

/** Each by its name, DEV for a device, and those of them that the engine reads (test/verify/sysctls.test.ts: each makes a difference, as it does in the kernel). */
export const READ: readonly string[] = [
  ...WHOLE,
  ...OF_DEVICE.flatMap(({ before, names }) => names.map((x) => `${before}DEV.${x}`)),
].filter((x) => !x.endsWith('.retrans_time_ms'))

/** All of them, as a person reads them. */
export const SYSCTLS: readonly string[] = [
  ...WHOLE,
  ...OF_DEVICE.map(
    ({ before, names }) => `${before}DEV.${names.length === 1 ? names[0] : `{${names.join()}}`}`,
  ),
]

/** Is this one of them? DEV is a device's name, which may hold dots, or all or default (neigh knows only default). */
export function isSysctl(key: string): boolean {
  return WHOLE.includes(key) || deviceOf(key) !== null
}

/** What stands for DEV in a sysctl of a device; null for any other key. */
export function deviceOf(key: string): string | null {
  for (const { before, names } of OF_DEVICE) {
    const name = names.find((x) => key.startsWith(before) && key.endsWith(`.${x}`))
    const dev = name === undefined ? '' : key.slice(before.length, -name.length - 1)
    if (isDevice(dev) || dev === 'default' || (dev === 'all' && before.includes('conf'))) return dev
  }
  return null
}
