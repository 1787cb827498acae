import { spawnSync } from 'node:child_process'
import { networkOf, parseCidr } from '#lib/wire/addr.ts'
import { command } from '#lib/topology/command.ts'
import type { Dev, DevKind } from '#lib/topology/devs.ts'
import type { KindScript } from '#lib/topology/devs/script.ts'
import { KIND_SCRIPTS } from '#lib/topology/devs/scripts.ts'
import type { Edit } from '#lib/topology/edit.ts'
import type { Route, Rule } from '#lib/topology/rows.ts'
import type { Netns } from '#lib/topology/topology.ts'

/* Networks of the model built in real network namespaces, by the commands we say one would type. */

/** The other ends of the NICs: where the VPC would be. */
const WIRE = 'pwt-wire'
export const named = (space: string): string => `pwt-${space}`

/** Both names of iptables exist: what the tool prints depends on which, and iptables-nft is what distributions install. */
const PROLOGUE = `for t in ip bridge conntrack xtables-nft-multi; do command -v $t > /dev/null || { echo "$t is not installed" >&2; exit 1; }; done
mount -t tmpfs pwt /run
mkdir /run/netns /run/bin
for t in iptables iptables-save iptables-restore; do ln -s "$(command -v xtables-nft-multi)" /run/bin/$t; done
PATH=/run/bin:$PATH
`
const LIMIT = 20_000

interface Ran {
  readonly ok: boolean
  readonly out: string
  readonly said: string
}

/**
 * Runs a shell script in a mount, pid and network namespace of its own: the names, processes and network namespaces
 * it makes are seen by nobody else, and the kernel takes them away when it ends, however it ends.
 */
function alone(script: string, limit = LIMIT): Ran {
  const r = spawnSync(
    'unshare',
    ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-eu'],
    {
      input: PROLOGUE + script,
      encoding: 'utf8',
      timeout: limit,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 26,
      env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
    },
  )
  return { ok: r.status === 0, out: r.stdout ?? '', said: r.error?.message ?? r.stderr }
}

/** Why this machine cannot be asked; null if it can. */
export function unable(): string | null {
  if (process.env['WITHOUT_KERNEL'] !== undefined) return 'npm run check asks no kernel'
  if (process.getuid?.() !== 0) return 'needs root and iptables: not root'
  const r = alone(`ip netns add ${WIRE}
ip -n ${WIRE} link add v0 type veth peer name v1
ip -n ${WIRE} link add b0 type bridge
ip -n ${WIRE} link add x0 type vxlan id 1 dstport 8472
ip -n ${WIRE} tuntap add t0 mode tun
bridge -n ${WIRE} fdb > /dev/null
ip netns exec ${WIRE} iptables -t nat -A POSTROUTING -m addrtype --dst-type LOCAL -m comment --comment x -j MASQUERADE
ip netns exec ${WIRE} iptables-save > /dev/null
ip netns exec ${WIRE} conntrack -L > /dev/null`)
  return r.ok ? null : `needs root and iptables: ${r.said.trim()}`
}

/** Commands as typed on one machine. */
function on(space: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `ip netns exec ${space} sh -eu <<'TYPED'\n${lines.join('\n')}\nTYPED\n`
}

/** A namespace without IPv6: the model has none, and it sends by itself. */
function empty(space: string): string {
  return `ip netns add ${space}\n${on(space, ['for f in all default; do f=/proc/sys/net/ipv6/conf/$f/disable_ipv6; if [ -e $f ]; then echo 1 > $f; fi; done'])}`
}

/** Neighbours stay as they were put in for as long as this takes. */
const SLOW =
  'for d in /proc/sys/net/ipv4/neigh/*; do echo 3600000 > $d/base_reachable_time_ms; echo 600000 > $d/retrans_time_ms; done'

/** The devices of all namespaces, wired; up, with their addresses. */
function devices(spaces: readonly Netns[]): string {
  const known = new Map(spaces.map((n) => [n.name, n]))
  const made = new Set<string>()
  let wires = 0
  const link = (d: Dev): string => `${d.name} address ${d.mac} mtu ${d.mtu}`
  const add = (n: Netns, d: Dev): string[] => {
    const key = `${n.name}/${d.name}`
    if (made.has(key) || d.kind === 'loopback') return []
    made.add(key)
    switch (d.kind) {
      case 'nic': {
        wires += 1
        return [
          `ip link add ${link(d)} type veth peer name w${wires} netns ${WIRE}`,
          `ip -n ${WIRE} link set w${wires} up`,
        ]
      }
      case 'veth': {
        made.add(`${d.peer.netns}/${d.peer.dev}`)
        const peer = known.get(d.peer.netns)?.devs.find((x) => x.name === d.peer.dev)
        if (peer === undefined) throw new Error(`${key}: its peer is not there`)
        return [
          `ip link add ${link(d)} type veth peer name ${link(peer)} netns ${named(d.peer.netns)}`,
        ]
      }
      // As a lab makes it.
      default: {
        const { make } = KIND_SCRIPTS[d.kind] as unknown as KindScript<DevKind>
        return make(d, { in: n.name, far: () => undefined }).map((line) => `ip ${line}`)
      }
    }
  }
  const use = (d: Dev): string[] => [
    ...(d.master === undefined ? [] : [`ip link set ${d.name} master ${d.master}`]),
    ...(d.hairpin === true ? [`bridge link set dev ${d.name} hairpin on`] : []),
    ...(d.up ? [`ip link set ${d.name} up`] : []),
    ...(d.kind === 'loopback' ? [] : d.addrs.map((a) => `ip addr add ${a} dev ${d.name}`)),
  ]
  return [
    empty(WIRE),
    ...spaces.map((n) => empty(named(n.name))),
    ...spaces.map((n) =>
      on(
        named(n.name),
        n.devs.flatMap((d) => add(n, d)),
      ),
    ),
    ...spaces.map((n) => on(named(n.name), [...n.devs.flatMap(use), SLOW])),
  ].join('')
}

/** Does the kernel write this route by itself, with the address? */
const kernels = (r: Route): boolean => r.proto === 'kernel'
const kernelsRule = (r: Rule): boolean => [0, 32766, 32767].includes(r.priority)

/** The rows of a namespace, each by the command that adds it. What the kernel writes by itself is left to it. */
function rows(n: Netns): string[] {
  const add = (edit: Edit): string => command(edit)
  // The VPC CNI deletes the connected routes of its secondary interfaces.
  const unwanted = n.devs
    .flatMap((d) =>
      d.kind === 'loopback' || !d.up
        ? []
        : d.addrs.map((a) => ({ dst: networkOf(a), dev: d.name, bits: parseCidr(a).bits })),
    )
    .filter(
      (x) => x.bits < 32 && !n.routes.some((r) => kernels(r) && r.dst === x.dst && r.dev === x.dev),
    )
  return [
    ...unwanted.map((x) => `ip route del ${x.dst} dev ${x.dev}`),
    // Rules ask sets that are there.
    ...n.ipsets.map((row) => add({ op: 'add', in: n.name, table: 'ipsets', row })),
    ...n.ipsetEntries.map((row) => add({ op: 'add', in: n.name, table: 'ipsetEntries', row })),
    ...n.chains.map((row) => add({ op: 'add', in: n.name, table: 'chains', row })),
    ...n.netfilter.map((row) => add({ op: 'add', in: n.name, table: 'netfilter', row })),
    // A gateway must be reachable when its route comes.
    ...n.routes
      .filter((r) => !kernels(r))
      .toSorted((a, b) => Number(a.via !== undefined) - Number(b.via !== undefined))
      .map((row) => add({ op: 'add', in: n.name, table: 'routes', row })),
    ...n.rules
      .filter((r) => !kernelsRule(r))
      .map((row) => add({ op: 'add', in: n.name, table: 'rules', row })),
    ...n.neigh.map((row) => add({ op: 'add', in: n.name, table: 'neigh', row })),
    ...n.fdb.map((row) => add({ op: 'add', in: n.name, table: 'fdb', row })),
    ...n.conntrack
      .filter((c) => c.gone !== true)
      .map((row) => add({ op: 'add', in: n.name, table: 'conntrack', row })),
  ]
}

/** Carrier takes a moment to be noticed; until then routes are `linkdown`. A TUN that no program holds never has one. */
function settled(n: Netns): string[] {
  const tuns = n.devs
    .filter((d) => d.kind === 'tun')
    .map((d) => ` | grep -v 'dev ${d.name} '`)
    .join('')
  return [
    `for i in $(seq 50); do if ip route show table all${tuns} | grep -q linkdown; then sleep 0.1; else break; fi; done`,
  ]
}

export interface Question {
  readonly space: string
  readonly command: string
}
/** What is done: rows or text put in, or a question. Answers come in the order of the questions. */
export type Act = Question | { readonly space: string; readonly lines: readonly string[] }

/** Builds the namespaces with the rows of these, then acts; the lines that each question was answered with. */
export function inNamespaces(
  spaces: readonly Netns[],
  acts: readonly Act[],
  limit = LIMIT,
): string[][] {
  const mark = '@@'
  // grep fails when it finds nothing; anything else must not fail.
  const ask = (line: string): string[] => [
    `echo '${mark}'`,
    line.includes('| grep ') ? `${line} || test $? = 1` : line,
  ]
  const act = (a: Act): string => on(named(a.space), 'lines' in a ? a.lines : ask(a.command))
  const r = alone(
    [
      devices(spaces),
      ...spaces.map((n) => on(named(n.name), [...rows(n), ...settled(n)])),
      ...acts.map(act),
    ].join(''),
    limit,
  )
  if (!r.ok) throw new Error(`the namespaces could not be built: ${r.said}\n${r.out.slice(-2000)}`)
  return r.out
    .split(`${mark}\n`)
    .slice(1)
    .map((x) => x.split('\n').slice(0, -1))
}
