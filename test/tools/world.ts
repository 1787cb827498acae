import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyAll, capture, netns, SCENARIOS, spaces, tableAsTool, walk, type Flow, type Netns, type Topology, type Walk } from '#lib/index.ts'
import { labScript } from '#lib/analysis/lab.ts'
import { pinned } from '#lib/analysis/verify.ts'
import { onMachine } from '../verify/outer.ts'
import { PATH, VERSION } from './pcap.ts'

/* A world's lab, what the real tools print in each of its namespaces, and the same of our walk. */

/** What is asked in a namespace, by the table whose lines are compared with it. */
export const TOOLS = {
  rules: { package: 'iproute2', command: () => 'ip rule' },
  routes: { package: 'iproute2', command: () => 'ip -4 route show table all' },
  neigh: { package: 'iproute2', command: () => 'ip neigh' },
  devs: { package: 'iproute2', command: () => 'ip addr' },
  fdb: { package: 'iproute2', command: () => 'bridge fdb' },
  sockets: { package: 'iproute2', command: () => 'ss -ltnup' },
  netfilter: { package: 'iptables', command: () => 'iptables-nft-save' },
  conntrack: { package: 'conntrack', command: () => 'conntrack -L 2> /dev/null' },
  sysctls: { package: null, command: (n: Netns) => (n.sysctls.length === 0 ? 'true' : `sysctl ${n.sysctls.map((x) => x.key).join(' ')}`) },
} as const
export type Table = keyof typeof TOOLS
export const TABLES = Object.keys(TOOLS) as Table[]

/** Debian 12's: other versions may print other words. */
const DEBIAN_12 = {
  iproute2: { ask: ['ip', '-V'], is: 'iproute2-6.1.0' }, iptables: { ask: ['iptables-nft', '-V'], is: 'v1.8.9' }, conntrack: { ask: ['conntrack', '-V'], is: 'v1.4.7' }, tcpdump: { ask: ['tcpdump', '--version'], is: `version ${VERSION}` },
} as const
export type Package = keyof typeof DEBIAN_12

/** The packages that are not Debian 12's here, with what they say instead. */
export function odd(): ReadonlyMap<Package, string> {
  return new Map((Object.keys(DEBIAN_12) as Package[]).flatMap((name) => {
    const { ask, is } = DEBIAN_12[name]
    const r = spawnSync(ask[0], [ask[1]], { encoding: 'utf8', env: { ...process.env, PATH } })
    const said = `${r.stdout ?? ''}${r.stderr ?? ''}`
    return said.includes(is) ? [] : [[name, `${ask.join(' ')}: ${r.error?.message ?? said.trim().split('\n')[0]}; the lines are those of ${is}`] as const]
  }))
}

/** The port that the connection comes from. */
export const CLIENT_PORT = 40_001
/** One world as it is asked: its topology with the draw of the connection made certain, and the two walks. */
export interface Plan { readonly id: string; readonly fresh: Topology; readonly certain: Topology; readonly ping: Walk; readonly tcp: Walk }

/** `ping` of the world, then its first connection, through the Service where there is one. */
export function plan(id: string): Plan {
  const s = SCENARIOS[id]!
  // The lab's VPC does not check who sends; AWS does.
  const unchecked = s.whatIfs['src-dst-check-off']?.edits ?? []
  const fresh = applyAll(s.topology, unchecked)
  const connection: Flow = { ...(s.flows['service'] ?? s.flows[Object.keys(s.flows)[0]!]!), sport: CLIENT_PORT }
  const certain = pinned(walk(fresh, connection))
  const ping = walk(certain, { ...s.flows['ping']!, sport: 7 })
  return { id, fresh, certain, ping, tcp: walk(ping.after, connection) }
}

export const nets = (t: Topology): Netns[] => spaces(t).filter((n) => n.kind === 'netns')
/** The frames of both walks by namespace and device, in order. */
export function framesOf(p: Plan): ReadonlyMap<string, Walk['frames'][number][]> {
  const found = new Map<string, Walk['frames'][number][]>(nets(p.certain).flatMap((n) => n.devs.map((d) => [`${n.name} ${d.name}`, []])))
  for (const f of [...p.ping.frames, ...p.tcp.frames]) found.get(`${f.in} ${f.dev}`)!.push(f)
  return found
}

/** Neighbours and connections stay as the traffic left them, however long this takes. */
const SLOW = `for d in /proc/sys/net/ipv4/neigh/*; do echo 3600000 > $d/base_reachable_time_ms; echo 600 > $d/delay_first_probe_time; done
for p in icmp udp; do f=/proc/sys/net/netfilter/nf_conntrack_\${p}_timeout; if [ -e $f ]; then echo 600 > $f; fi; done`

const PROGRAM = `
import socket, struct, sys
what, src, dst, port, size = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
pattern = bytes(i & 255 for i in range(size))
if what == 'ping':
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    s.setsockopt(socket.SOL_IP, 10, 0)  # IP_MTU_DISCOVER: IP_PMTUDISC_DONT
    head = struct.pack('!BBHHH', 8, 0, 0, int(src), 1) + pattern
    c = sum(struct.unpack('!%dH' % (len(head) // 2), head))
    c = (c & 0xffff) + (c >> 16)
    s.settimeout(5)
    s.sendto(head[:2] + struct.pack('!H', ~((c & 0xffff) + (c >> 16)) & 0xffff) + head[4:], (dst, 0))
    while s.recv(2000)[20] != 0:
        pass
else:
    s = socket.socket()
    s.settimeout(5)
    s.bind(('', int(src)))
    s.connect((dst, port))
    s.sendall(pattern)
    s.recv(100)
    s.close()
`

/** Asks every namespace; each answer begins with a line "@@ WHEN NAMESPACE TABLE". */
function ask(when: string, t: Topology, tables: readonly Table[]): string {
  return nets(t).map((n) => `in_ns ${n.name} bash -c ${quoted(tables.map((table) => `echo '@@ ${when} ${n.name} ${table}'; ${TOOLS[table].command(n)}`).join('\n'))}\n`).join('')
}
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const rulesOf = (n: Netns): string => tableAsTool(n, 'netfilter').lines.map((l) => l.text).join('\n')

function traffic(f: Flow): string {
  const what = f.proto === 'icmp' ? 'ping' : 'tcp'
  return `in_ns ${f.from} python3 -IS -c "$PROGRAM" ${what} ${f.sport!} ${f.to} ${f.dport} ${f.size}\n`
}

function script(p: Plan): string {
  const pinnedNodes = nets(p.certain).filter((n) => rulesOf(n) !== rulesOf(netns(p.fresh, n.name)!))
  const watched = nets(p.certain).flatMap((n) => n.devs.map((d) => ({ n, d, command: capture(p.certain, { in: n.name, dev: d.name }).command })))
  return `
# Not ip netns exec: that mounts a /sys each time.
in_ns() { local n=/run/netns/pw-$1; shift; nsenter --net="$n" "$@"; }
bash "$LAB" up > /dev/null
${nets(p.fresh).map((n) => `in_ns ${n.name} bash -c ${quoted(SLOW)}\n`).join('')}
${ask('fresh', p.fresh, TABLES)}
# Legacy, where this kernel has it: the same rules in a namespace of their own.
ip netns add legacy
if ip netns exec legacy iptables-legacy -t nat -S > /dev/null 2>&1; then
${nets(p.fresh).filter((n) => n.netfilter.length > 0).map((n) => `ip netns del legacy; ip netns add legacy; ip netns exec legacy iptables-legacy-restore <<'SAVED'\n${rulesOf(n)}\nSAVED
echo '@@ legacy ${n.name} netfilter'; ip netns exec legacy iptables-legacy-save\n`).join('')}
fi
${pinnedNodes.map((n) => `in_ns ${n.name} iptables-nft-restore <<'SAVED'\n${rulesOf(n)}\nSAVED\n`).join('')}
pids=()
watch() { local out=/run/seen-$1-$2 n=/run/netns/pw-$1; shift 2; nsenter --net="$n" "$@" --immediate-mode -l > "$out" 2> "$out.said" & pids+=($!); }
if [ -n "$CAPTURE" ]; then
${watched.map(({ n, d, command }) => `watch ${n.name} ${d.name} ${command}`).join('\n')}
for f in ${watched.map(({ n, d }) => `/run/seen-${n.name}-${d.name}.said`).join(' ')}; do for i in {1..400}; do if grep -q 'listening on' "$f"; then break; fi; sleep 0.05; done; done
fi
${traffic(p.ping.flow)}sleep 0.3
${ask('ping', p.certain, ['neigh', 'fdb', 'conntrack'])}
${traffic(p.tcp.flow)}sleep 0.5
${ask('tcp', p.certain, TABLES)}
if [ -n "$CAPTURE" ]; then
kill -TERM "\${pids[@]}"; wait "\${pids[@]}" || true
${watched.map(({ n, d }) => `echo '@@ seen ${n.name} ${d.name}'; cat /run/seen-${n.name}-${d.name}; if grep -v '^0 packets dropped' /run/seen-${n.name}-${d.name}.said | grep dropped; then :; fi`).join('\n')}
fi
bash "$LAB" down > /dev/null
`
}

/** The lines of each answer by "WHEN NAMESPACE TABLE", or "seen NAMESPACE DEVICE" for what tcpdump printed. */
export function asked(p: Plan, capturing: boolean): Readonly<Record<string, readonly string[]>> {
  const dir = mkdtempSync(join(tmpdir(), 'packet-walk-tools-'))
  try {
    const lab = join(dir, 'lab.sh')
    writeFileSync(lab, labScript(p.fresh, { title: p.id, command: 'packet-walk lab' }))
    const answers = onMachine(script(p), { LAB: lab, PROGRAM, CAPTURE: capturing ? 'yes' : '' })
    return Object.fromEntries(Object.entries(answers).map(([key, text]) => [key, text.split('\n').slice(0, -1)]))
  } finally { rmSync(dir, { recursive: true }) }
}
