import type { Lease } from '#lib/topology/linux.ts'
import type { Netns, Vpc } from '#lib/topology/topology.ts'
import type { Eni, SgRule } from '#lib/topology/vpc.ts'

/* What tools print that cannot be asked here, as their documentation has it. */

/** A line of output, and the row it came from. */
export interface ToolLine { readonly text: string; readonly row: number | null }

/** A lease as flannel stores it: the key, then the value, each on a line of its own as `etcdctl get --prefix` prints them (flannel pkg/lease/lease.go LeaseAttrs: a backend's type and data follow the addresses; udp has neither). */
export function leaseLines(n: Netns): ToolLine[] {
  const tunnel = n.devs.find((d) => d.kind === 'vxlan')
  const value = (l: Lease): string => JSON.stringify({
    PublicIP: l.publicIp, PublicIPv6: null, ...(l.backendType === 'udp' ? {} : { BackendType: l.backendType }),
    ...(l.vtepMac === undefined ? {} : { BackendData: { VNI: tunnel?.kind === 'vxlan' ? tunnel.vni : 1, VtepMAC: l.vtepMac } }),
  })
  return n.leases.flatMap((l, row) => [{ text: `/coreos.com/network/subnets/${l.subnet.replace('/', '-')}`, row }, { text: value(l), row }])
}

/** One rule as a member of IpPermissions (EC2 API, IpPermission): protocol -1 is all, ports stand only where the protocol has them. */
function permission(r: SgRule): string {
  const ports = r.ports === undefined ? (r.proto === 'tcp' || r.proto === 'udp' ? { FromPort: 0, ToPort: 65535 } : {}) : { FromPort: r.ports[0], ToPort: r.ports[1] }
  const peer = r.peer.startsWith('sg-') ? { UserIdGroupPairs: [{ GroupId: r.peer }] } : { IpRanges: [{ CidrIp: r.peer }] }
  return spaced({ IpProtocol: r.proto === 'all' ? '-1' : r.proto, ...ports, ...peer })
}

/** JSON on one line, with the spaces a person would put. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${spaced(v)}`).join(', ')} }`
}

/** Group by group: what may come in, what may go out. Names, owners and descriptions are left out, and each permission stands on one line. */
export function groupLines(v: Vpc): ToolLine[] {
  const lines: ToolLine[] = [{ text: '{ "SecurityGroups": [', row: null }]
  const groups = [...new Set(v.sgRules.map((r) => r.group))]
  groups.forEach((group, g) => {
    lines.push({ text: `  { "GroupId": "${group}",`, row: null })
    for (const [name, direction] of [['IpPermissions', 'ingress'], ['IpPermissionsEgress', 'egress']] as const) {
      const own = v.sgRules.flatMap((r, row) => (r.group === group && r.direction === direction ? [{ text: permission(r), row }] : []))
      const end = direction === 'ingress' ? ',' : g < groups.length - 1 ? ' },' : ' }'
      if (own.length === 0) { lines.push({ text: `    "${name}": []${end}`, row: null }); continue }
      lines.push({ text: `    "${name}": [`, row: null }, ...own.map((l, i) => ({ text: `      ${l.text}${i < own.length - 1 ? ',' : ''}`, row: l.row })), { text: `    ]${end}`, row: null })
    }
  })
  return [...lines, { text: '] }', row: null }]
}

/** The interfaces, one a line, with the fields that decide (EC2 API, NetworkInterface). */
export function interfaceLines(v: Vpc): ToolLine[] {
  const one = (e: Eni): string => spaced({
    NetworkInterfaceId: e.id, SourceDestCheck: e.sourceDestCheck, Groups: e.groups.map((g) => ({ GroupId: g })), PrivateIpAddresses: e.ips.map((ip) => ({ PrivateIpAddress: ip })),
    ...(e.publicIp === undefined ? {} : { Association: { PublicIp: e.publicIp } }),
  })
  const own = v.enis.map((e, row) => ({ text: `  ${one(e)}${row < v.enis.length - 1 ? ',' : ''}`, row }))
  return [{ text: '{ "NetworkInterfaces": [', row: null }, ...own, { text: '] }', row: null }]
}
