import type { Address } from '#lib/wire/addr.ts'
import type { Node, Pod } from '#lib/worlds/cluster/spec.ts'
import { by } from '#lib/worlds/by.ts'
import { iptables, type Patch } from '#lib/worlds/cluster/patch.ts'
import { sha512 } from '#lib/worlds/hash/sha512.ts'
import { rangeOf } from './bridge.ts'

/** The network's name in kube-flannel's conflist. */
const NETWORK_NAME = 'cbr0'
/** multiport takes no more. */
const PORTS = 15
const MARK = '0x2000/0x2000'

/** utils.MustFormatChainNameWithPrefix(): a chain's name has at most 28 characters. A container's id is random; the pod's name stands for it. */
function chainOf(p: Pod): string {
  return `CNI-DN-${sha512(`${NETWORK_NAME}${p.name}`)}`.slice(0, 28)
}

const publishing = (n: Node): readonly Pod[] => n.pods().filter((p) => (p.publish ?? []).length > 0)

const PORTMAP = by('portmap', 'pod-created')

/** The jump that portmap puts before all others: a MASQUERADE of somebody else's would otherwise come first. */
export function portmapFirst(n: Node): readonly Patch[] {
  return publishing(n).length === 0
    ? []
    : [
        iptables(
          n.name,
          PORTMAP,
          '*nat\n-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
        ),
      ]
}

/** The rules of the portmap plugin v1.1 for the pods' published ports, with snat on as by default (plugins/meta/portmap/portmap.go). Nothing where no pod publishes: the plugin writes with the first one that does. */
export function portmap(n: Node, bridge: string): readonly Patch[] {
  const pods = publishing(n)
  if (pods.length === 0) return []
  const text = `*nat
:CNI-HOSTPORT-DNAT - [0:0]
:CNI-HOSTPORT-MASQ - [0:0]
:CNI-HOSTPORT-SETMARK - [0:0]
${pods.map((p) => `:${chainOf(p)} - [0:0]`).join('\n')}
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark ${MARK}
-A CNI-HOSTPORT-MASQ -m mark --mark ${MARK} -j MASQUERADE
${pods.flatMap((p) => rulesOf(p, n)).join('\n')}`
  // From 127.0.0.1 through the bridge: without it the kernel lets no such packet out.
  return [
    iptables(n.name, PORTMAP, text),
    {
      in: n.name,
      by: PORTMAP,
      rows: { sysctls: [{ key: `net.ipv4.conf.${bridge}.route_localnet`, value: 1 }] },
    },
  ]
}

const at = (ip: Address | undefined): string => (ip === undefined ? '' : `-d ${ip}/32 `)

function rulesOf(p: Pod, n: Node): string[] {
  const published = p.publish ?? []
  const chain = chainOf(p)
  const entries = (['tcp', 'udp'] as const).flatMap((proto) => {
    const ports = published.filter((x) => x.proto === proto).map((x) => x.host)
    return Array.from({ length: Math.ceil(ports.length / PORTS) }, (_, i) => ({
      proto,
      dports: ports.slice(i * PORTS, (i + 1) * PORTS).join(','),
    }))
  })
  return [
    ...entries.map(
      ({ proto, dports }) =>
        `-A CNI-HOSTPORT-DNAT -p ${proto} -m comment --comment "dnat name: \\"${NETWORK_NAME}\\" id: \\"${p.name}\\"" -m multiport --dports ${dports} -j ${chain}`,
    ),
    ...published.flatMap(({ host, port, proto, ip }) => [
      // Pods of this node, the pod itself among them, and the node's own 127.0.0.1: their answers would not come back this way.
      ...[rangeOf(n), '127.0.0.1/32'].map(
        (src) =>
          `-A ${chain} -s ${src} ${at(ip)}-p ${proto} -m ${proto} --dport ${host} -j CNI-HOSTPORT-SETMARK`,
      ),
      `-A ${chain} ${at(ip)}-p ${proto} -m ${proto} --dport ${host} -j DNAT --to-destination ${p.ip}:${port}`,
    ]),
  ]
}
