import { quoted, typed } from '../../shell.ts'
import { sets, type Tool, type ToolLine } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { leaseKey, type Lease } from './row.ts'

/** A lease as flannel stores it: the key, then the value, each on a line of its own as `etcdctl get --prefix` prints them (flannel pkg/lease/lease.go LeaseAttrs: a backend's type and data follow the addresses; udp has neither). */
function leaseLines(n: Netns): ToolLine[] {
  const tunnel = n.devs.find((d) => 'vni' in d)
  const value = (l: Lease): string =>
    JSON.stringify({
      PublicIP: l.publicIp,
      PublicIPv6: null,
      ...(l.backendType === 'udp' ? {} : { BackendType: l.backendType }),
      ...(l.vtepMac === undefined
        ? {}
        : { BackendData: { VNI: tunnel?.vni ?? 1, VtepMAC: l.vtepMac } }),
    })
  return n.leases.flatMap((l, row) => [
    { text: leaseKey(l), row },
    { text: value(l), row },
  ])
}

const key = (l: Pick<Lease, 'subnet'>): string => quoted(leaseKey(l))

export const leases: Tool<'leases'> = {
  readAt: 10,
  editAt: 8,
  command: (c) => {
    const l = c.raw
    if (c.op === 'del') return `etcdctl del ${key(l)}`
    const value = {
      PublicIP: l.publicIp,
      BackendType: l.backendType,
      ...(l.vtepMac === undefined ? {} : { BackendData: { VtepMAC: l.vtepMac } }),
    }
    const put = `etcdctl put ${key(l)} ${quoted(JSON.stringify(value))}`
    return typed({
      commands: [
        ...(c.op === 'set' && sets(c, 'subnet') ? [`etcdctl del ${key(c.before!)}`] : []),
        put,
      ],
      notes: sets(c, 'daemon') ? [`${l.daemon} reads it`] : [],
    })
  },
  print: (n) => ({
    command: 'etcdctl get --prefix /coreos.com/network/subnets',
    note: 'as documented; the daemon asks its copy',
    lines: leaseLines(n),
  }),
}
