import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  applyAll,
  capture,
  netns,
  spaces,
  tableAsTool,
  walk,
  type Flow,
  type Netns,
  type Topology,
  type Walk,
} from '#lib/index.ts'
import { labScript } from '#lib/analysis/kernel/lab.ts'
import { pinned } from '#lib/analysis/kernel/verify.ts'
import { PATH, VERSION } from './pcap.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { ping } from '#lib/worlds/cluster/seed.ts'
import type { World } from '#lib/worlds/world.ts'

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
  sysctls: {
    package: 'procps',
    command: (n: Netns) =>
      n.sysctls.length === 0 ? 'true' : `sysctl ${n.sysctls.map((x) => x.key).join(' ')}`,
  },
} as const
export type Table = keyof typeof TOOLS
export const TABLES = Object.keys(TOOLS) as Table[]

/** Debian 12's: other versions may print other words. */
const DEBIAN_12 = {
  iproute2: { ask: ['ip', '-V'], is: 'iproute2-6.1.0' },
  iptables: { ask: ['iptables-nft', '-V'], is: 'v1.8.9' },
  conntrack: { ask: ['conntrack', '-V'], is: 'v1.4.7' },
  tcpdump: { ask: ['tcpdump', '--version'], is: `version ${VERSION}` },
  procps: { ask: ['sysctl', '-V'], is: 'procps-ng 4.0.2' },
} as const
export type Package = keyof typeof DEBIAN_12

/** The packages that are not Debian 12's here, with what they say instead. */
export function odd(): ReadonlyMap<Package, string> {
  return new Map(
    (Object.keys(DEBIAN_12) as Package[]).flatMap((name) => {
      const { ask, is } = DEBIAN_12[name]
      const r = spawnSync(ask[0], [ask[1]], { encoding: 'utf8', env: { ...process.env, PATH } })
      const said = `${r.stdout ?? ''}${r.stderr ?? ''}`
      return said.includes(is)
        ? []
        : [
            [
              name,
              `${ask.join(' ')}: ${r.error?.message ?? said.trim().split('\n')[0]}; the lines are those of ${is}`,
            ] as const,
          ]
    }),
  )
}

/** The port that the connection comes from. */
export const CLIENT_PORT = 40_001
/** One world as it is asked: its topology with the draw of the connection made certain, and the two walks. */
export interface Plan {
  readonly id: string
  readonly fresh: Topology
  readonly certain: Topology
  readonly ping: Walk
  readonly tcp: Walk
}

/** `ping` of the world; where there is none, one to where its first connection goes. */
export function pingOf(s: Pick<World, 'flows'>): Flow {
  const { from, to } = Object.values(s.flows)[0]!
  return s.flows['ping'] ?? ping(from, to)
}

/** The world's ping, then its first connection, through the Service where there is one. */
export function plan(id: string): Plan {
  const s = SCENARIOS[id]!
  // The lab's VPC does not check who sends; AWS does.
  const unchecked = s.whatIfs['src-dst-check-off']?.edits ?? []
  const fresh = applyAll(s.topology, unchecked)
  const connection: Flow = {
    ...(s.flows['service'] ?? s.flows[Object.keys(s.flows)[0]!]!),
    sport: CLIENT_PORT,
  }
  const certain = pinned(walk(fresh, connection))
  const echo = walk(certain, { ...pingOf(s), sport: 7 })
  return { id, fresh, certain, ping: echo, tcp: walk(echo.after, connection) }
}

export const nets = (t: Topology): Netns[] => spaces(t).filter((n) => n.kind === 'netns')
/** What is captured on. Nothing of these flows is on any `lo`. */
const captured = (n: Netns): Netns['devs'] => n.devs.filter((d) => d.kind !== 'loopback')
/** The frames of both walks by namespace and device, in order. */
export function framesOf(p: Plan): ReadonlyMap<string, Walk['frames'][number][]> {
  const found = new Map<string, Walk['frames'][number][]>(
    nets(p.certain).flatMap((n) => captured(n).map((d) => [`${n.name} ${d.name}`, []])),
  )
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
  const one = (n: Netns): string =>
    tables
      .map((table) => `echo '@@ ${when} ${n.name} ${table}'; ${TOOLS[table].command(n)} || true`)
      .join('\n')
  return nets(t)
    .map((n) => `in_ns ${n.name} bash -c ${quoted(one(n))}\n`)
    .join('')
}
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const rulesOf = (n: Netns): string =>
  tableAsTool(n, 'netfilter')
    .lines.map((l) => l.text)
    .join('\n')

const setsOf = (n: Netns): string =>
  tableAsTool(n, 'ipsets')
    .lines.map((l) => l.text)
    .join('\n')

function traffic(f: Flow): string {
  const what = f.proto === 'icmp' ? 'ping' : 'tcp'
  return `in_ns ${f.from} python3 -IS -c "$PROGRAM" ${what} ${f.sport!} ${f.to} ${f.dport} ${f.size}\n`
}

/** The same rules by legacy, in a namespace of their own, where this kernel has it. */
function byLegacy(t: Topology): string {
  const one = (n: Netns): string => `ip netns del legacy; ip netns add legacy
${setsOf(n) === '' ? '' : `ip netns exec legacy ipset restore <<'SAVED'\n${setsOf(n)}\nSAVED\n`}ip netns exec legacy iptables-legacy-restore <<'SAVED'
${rulesOf(n)}
SAVED
echo '@@ legacy ${n.name} netfilter'; ip netns exec legacy iptables-legacy-save`
  // A shell's `then` is not empty: in some worlds nobody has a rule.
  return `ip netns add legacy
if ip netns exec legacy iptables-legacy -t nat -S > /dev/null 2>&1; then :
${nets(t)
  .filter((n) => n.netfilter.length > 0)
  .map(one)
  .join('\n')}
fi`
}

function script(p: Plan): string {
  const pinnedNodes = nets(p.certain).filter((n) => rulesOf(n) !== rulesOf(netns(p.fresh, n.name)!))
  const watched = nets(p.certain).flatMap((n) =>
    captured(n).map((d) => ({
      n,
      d,
      command: capture(p.certain, { in: n.name, dev: d.name }).command,
    })),
  )
  return `
# Not ip netns exec: that mounts a /sys each time.
in_ns() { local n=/run/netns/pw-$1; shift; nsenter --net="$n" "$@"; }
# Whichever of the two iptables is the default here.
mkdir /run/bin; for t in iptables iptables-save iptables-restore; do ln -s "$(command -v xtables-nft-multi)" /run/bin/$t; done; PATH=/run/bin:$PATH
bash "$LAB" up > /dev/null
${nets(p.fresh)
  .map((n) => `in_ns ${n.name} bash -c ${quoted(SLOW)}\n`)
  .join('')}
${ask('fresh', p.fresh, TABLES)}
${byLegacy(p.fresh)}
${pinnedNodes.map((n) => `in_ns ${n.name} iptables-nft-restore <<'SAVED'\n${rulesOf(n)}\nSAVED\n`).join('')}
pids=()
watch() { local out=/run/seen-$1-$2 n=/run/netns/pw-$1; shift 2; nsenter --net="$n" "$@" --immediate-mode -l > "$out" 2> "$out.said" & pids+=($!); }
if [ -n "$CAPTURE" ]; then
${watched.map(({ n, d, command }) => `watch ${n.name} ${d.name} ${command}`).join('\n')}
for f in /run/seen-*.said; do for i in {1..400}; do if grep -q 'listening on' "$f"; then break; fi; sleep 0.05; done; done
fi
${traffic(p.ping.flow)}sleep 0.3
${ask('ping', p.certain, ['neigh', 'fdb', 'conntrack'])}
${traffic(p.tcp.flow)}sleep 0.5
${ask('tcp', p.certain, TABLES)}
if [ -n "$CAPTURE" ]; then
kill -TERM "\${pids[@]}"; wait "\${pids[@]}" || true
# What it lost would be missed: it is shown.
told() { echo "@@ seen $1 $2"; cat "/run/seen-$1-$2"; grep '^[1-9].* dropped' "/run/seen-$1-$2.said" || true; }
${watched.map(({ n, d }) => `told ${n.name} ${d.name}`).join('\n')}
fi
bash "$LAB" down > /dev/null
`
}

/** Where a lab is built: mount, process and network namespaces that nobody else sees, and that the kernel takes away when the script ends, however it ends. */
const PRIVATE = [
  '--mount',
  '--net',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  'bash',
  '-euo',
  'pipefail',
  '-c',
] as const
const LIMIT = 240_000

async function run(text: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(
    'unshare',
    [...PRIVATE, `mount -t tmpfs tools /run; mkdir /run/netns\n${text}`],
    { env: { ...process.env, PATH, ...env }, timeout: LIMIT, killSignal: 'SIGKILL' },
  )
  let [out, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (s: string) => {
    out += s
  })
  child.stderr.setEncoding('utf8').on('data', (s: string) => {
    said = (said + s).slice(-4000)
  })
  const status = await new Promise((done) => {
    child.on('error', done).on('close', done)
  })
  if (status !== 0)
    throw new Error(`the lab ended with ${String(status)}: ${said}\n${out.slice(-1000)}`)
  return out
}

/** Two labs at a time: one waits often, more are late. */
const turns: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turns.shift()!.then(work)
  turns.push(mine.catch(() => null))
  return mine
}

/** The lines of each answer by "WHEN NAMESPACE TABLE", or "seen NAMESPACE DEVICE" for what tcpdump printed. */
export async function asked(
  p: Plan,
  capturing: boolean,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const dir = mkdtempSync(join(tmpdir(), 'packet-walk-tools-'))
  try {
    const lab = join(dir, 'lab.sh')
    writeFileSync(lab, labScript(p.fresh, { title: p.id, command: 'packet-walk lab' }))
    const said = await inTurn(() =>
      run(script(p), { LAB: lab, PROGRAM, CAPTURE: capturing ? 'yes' : '' }),
    )
    return Object.fromEntries(
      said
        .split(/^@@ /m)
        .slice(1)
        .map((x) => {
          const [key, ...lines] = x.split('\n')
          return [key!, lines.slice(0, -1)]
        }),
    )
  } finally {
    rmSync(dir, { recursive: true })
  }
}
