/**
 * Pack the recorded labs into one compressed file each, so that the tests need nothing outside the project.
 *
 *   node test/captures/pack.mjs DIRECTORY      DIRECTORY holds L1-docker-bridge, L2-flannel-vxlan and L3-flannel-udp
 *
 * How the captures were made: each lab builds its topology out of network namespaces of a real Linux 6.18 (veth, bridge, vxlan, tun, iptables),
 * reads the state back with `ip -j`, `bridge -j` and `iptables-save`, then runs probes: a few commands, a packet or a connection, and every frame
 * on every interface of every namespace, both directions, taken from AF_PACKET rings and sorted by the kernel's time stamps.
 * Per probe, `fixed` lists the IP ids, ICMP ids and ports that the lab chose; every other one was chosen by the kernel.
 * Kept: state, commands, calls of the programs with their results, conntrack tables, drop reasons (skb:kfree_skb), frames.
 * Left out: time stamps, counters, the roles of MACs (they follow from the MACs).
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const LABS = ['L1-docker-bridge', 'L2-flannel-vxlan', 'L3-flannel-udp']
const [source] = process.argv.slice(2)
if (source === undefined) throw new Error('usage: node test/captures/pack.mjs DIRECTORY')
const here = dirname(fileURLToPath(import.meta.url))
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))

function layer({ src_role: _s, dst_role: _d, quotes, ...rest }) {
  return { ...rest, ...(quotes === undefined ? {} : { quotes: quotes.map(layer) }) }
}

function frame({ ns, iface, dir, to, len, layers }) {
  return { ns, iface, dir, ...(to === undefined ? {} : { to }), len, layers: layers.map(layer) }
}

function namespace({ link, addr, route, rule, neigh, fdb, iptables }) {
  return { link, addr, route: route.filter((r) => r.table !== 'local'), rule, neigh, fdb, iptables: iptables.join('\n') }
}

for (const lab of LABS) {
  const dir = join(source, lab)
  const { kernel, namespaces } = read(join(dir, '_state.json'))
  const probes = {}
  for (const file of readdirSync(dir).filter((f) => f.endsWith('.json') && !f.startsWith('_')).toSorted()) {
    const { about, setup = [], fixed, events, drops, conntrack, frames } = read(join(dir, file))
    probes[file.slice(0, -5)] = { about, setup, fixed, events: events.map(({ who, call, result }) => ({ who, call, result })), drops, ...(conntrack === undefined ? {} : { conntrack }), frames: frames.map(frame) }
  }
  const state = Object.fromEntries(Object.entries(namespaces).map(([name, n]) => [name, namespace(n)]))
  const bytes = gzipSync(JSON.stringify({ lab, kernel, state, probes }), { level: 9 })
  writeFileSync(join(here, `${lab}.json.gz`), bytes)
  console.log(lab, Object.keys(probes).length, 'probes', bytes.length, 'bytes')
}
