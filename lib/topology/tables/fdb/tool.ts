import { typed } from '../../shell.ts'
import { byVerb, sets, type Tool, type ToolLine } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { isEther, traits, type Dev } from '../../devs.ts'
import { fdbText, type FdbEntry } from './row.ts'

/** A forwarding entry as `bridge fdb add` takes it: the port says which bridge. */
function entry(f: FdbEntry): string {
  return fdbText(f).replace(` master ${f.master}`, ' master')
}

const without = (f: FdbEntry): string =>
  `bridge fdb del ${entry({ ...f, state: 'learned' }).replaceAll('undefined', 'MAC')}`

const within = (verb: 'add' | 'replace', f: FdbEntry): string =>
  `bridge fdb ${verb} ${entry(f)}${f.state === 'learned' ? ' dynamic' : ''}`

/** The multicast groups every host is in: dev_mc_add() by IPv6 when the device is registered, by IPv4 (ip_mc_up()) when it goes up. */
const ALL_NODES = '33:33:00:00:00:01'
const ALL_HOSTS = '01:00:5e:00:00:01'

/** The groups a device lists as its own (ndo_dflt_fdb_dump()). `lo` and a TUN have no MAC; a vxlan device dumps its remote VTEPs instead. */
function groups(d: Dev): string[] {
  if (!isEther(d) || traits(d).remotes === true) return []
  return [ALL_NODES, ...(d.up ? [ALL_HOSTS] : [])].map(
    (mac) => `${mac} dev ${d.name} self permanent`,
  )
}

/** A bridge's own MAC and those of its ports (br_fdb_add_local()): one entry for each MAC, that of the port if it is the bridge's too. */
function local(n: Netns, d: Dev): string[] {
  const hasPorts = traits(d).hasPorts === true
  const bridge = hasPorts ? d.name : d.master
  if (
    bridge === undefined ||
    (hasPorts && n.devs.some((p) => p.master === bridge && p.mac === d.mac))
  )
    return []
  return n.fdb.some((f) => f.mac === d.mac && f.master === bridge)
    ? []
    : [`${d.mac} dev ${d.name} master ${bridge} permanent`]
}

/** `bridge fdb`, device by device: the rows, and what each device and bridge lists of itself. Inside a device the order is that of a hash table. */
function fdbLines(n: Netns): ToolLine[] {
  const rows = n.fdb.map((f, row) => ({ dev: f.dev, line: { text: fdbText(f), row } }))
  const own = (text: string): ToolLine => ({ text, row: null })
  return [
    ...n.devs.flatMap((d) => [
      ...local(n, d).map(own),
      ...rows.flatMap((r) => (r.dev === d.name ? [r.line] : [])),
      ...groups(d).map(own),
    ]),
    ...rows.flatMap((r) => (n.devs.some((d) => d.name === r.dev) ? [] : [r.line])),
  ]
}

export const fdb: Tool<'fdb'> = {
  readAt: 4,
  editAt: 3,
  command: (c) =>
    byVerb(c, {
      keys: ['mac', 'dev', 'master'],
      // An entry of a bridge is one of its port's: for another bridge the port goes there.
      add: (f) =>
        typed({
          commands: [
            ...(c.op === 'set' && sets(c, 'master') && f.master !== undefined
              ? [`ip link set dev ${f.dev} master ${f.master}`]
              : []),
            within('add', f),
          ],
        }),
      del: without,
      replace: (f) => within('replace', f),
    }),
  print: (n) => ({
    command: 'bridge fdb',
    note: 'a usual node lists more: groups 33:33:ff:… of IPv6, and own MACs of a bridge once more with vlan 1',
    lines: fdbLines(n),
  }),
}
