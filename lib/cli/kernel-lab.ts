import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { labScript } from '#lib/analysis/lab.ts'
import type { RawFrame } from '#lib/analysis/agree.ts'
import type { DevKind } from '#lib/topology/devs.ts'
import { spaces, type Topology } from '#lib/topology/topology.ts'

/* A lab that is there for one command: it is built in mount, process and network namespaces of its own, so the kernel takes all of it away when the command ends, however it ends. */

const AGENT = fileURLToPath(new URL('agent.py', import.meta.url))
/** An empty or relative part of PATH means the directory one stands in: no tool is looked for there. */
const PATH = [...(process.env['PATH'] ?? '').split(':').filter((d) => d.startsWith('/')), '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':')
/** All that the lab's programs find in their environment: a shell would run what BASH_ENV names, as root. */
const ENV: NodeJS.ProcessEnv = { PATH, LC_ALL: 'C', NODE_ENV: process.env.NODE_ENV }
const PRIVATE = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', 'bash', '-euc'] as const
/** The names of its namespaces are in a /run of its own, so two labs at once do not meet; iptables' lock is there too. */
const BOOT = 'mount -t tmpfs lab /run; mkdir /run/netns; cat <&3 > /run/lab.sh; exec 3<&-; RUN=/run/lab bash /run/lab.sh up >&2; exec "$PYTHON" -BIS "$0"'
const BUILD_MS = 60_000
const ANSWER_MS = 20_000

/** A flow as the agent sends it: every choice made. */
export interface SendFlow {
  readonly from: string; readonly to: string; readonly proto: 'icmp' | 'udp' | 'tcp'; readonly sport: number; readonly dport: number; readonly src: string | null
  readonly size: number; readonly answer: number; readonly ttl: number; readonly tos: number; readonly df: boolean | null; readonly seq: number; readonly count: number
}
/** What the kernel showed. `counters`: of /proc/net/snmp and netstat, what moved in each namespace, by nstat's names. */
export interface Shown { readonly outcome: string; readonly lost: number; readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>; readonly frames: readonly RawFrame[] }
export interface KernelLab { send(flow: SendFlow): Promise<Shown>; reset(): Promise<void>; close(): Promise<void> }

/** Why a lab did not come up or stopped answering. */
export class LabError extends Error {}

/** The interpreter itself: what stands first on PATH may be a script that looks for it, each time. */
let python: string | null = null
function interpreter(): string {
  return (python ??= spawnSync('python3', ['-BIS', '-c', 'import sys; print(sys.executable)'], { encoding: 'utf8', env: { ...ENV, HOME: process.env['HOME'] } }).stdout?.trim() || 'python3')
}

/** Builds the topology; LabError with the tools' own words if it cannot be built. */
export async function openLab(t: Topology): Promise<KernelLab> {
  const prefix = `pwv${Math.floor(Math.random() * 0x7fffffff).toString(36)}-`
  const script = labScript(t, { title: 'a lab of packet-walk verify', command: 'packet-walk verify', silent: true })
  const child = spawn('unshare', [...PRIVATE, BOOT, AGENT], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: { ...ENV, PREFIX: prefix, PYTHON: interpreter() } })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (s: string) => { said = (said + s).slice(-4000) })
  const lines = createInterface({ input: child.stdout! })
  const waiting: { resolve: (line: string) => void; reject: (e: Error) => void }[] = []
  let gone: Error | null = null
  const end = (e: Error): void => { gone ??= e; for (const w of waiting.splice(0)) w.reject(gone) }
  lines.on('line', (line) => waiting.shift()?.resolve(line))
  child.on('error', (e) => end(new LabError(`unshare: ${e.message}`)))
  const exited = new Promise<void>((done) => { child.on('close', () => { end(new LabError(said.trim() || 'the lab ended')); done() }) })
  for (const pipe of [child.stdin!, child.stdio[3] as NodeJS.WritableStream]) pipe.on('error', () => { /* the exit says why */ })
  ;(child.stdio[3] as NodeJS.WritableStream).end(script)
  const ask = (question: object, ms: number): Promise<string> => new Promise((resolve, reject) => {
    if (gone !== null) { reject(gone); return }
    const timer = setTimeout(() => { end(new LabError(`no answer from the lab within ${ms / 1000} s: ${said.trim()}`)); child.kill('SIGKILL') }, ms)
    const stop = <T>(f: (x: T) => void) => (x: T): void => { clearTimeout(timer); f(x) }
    waiting.push({ resolve: stop(resolve), reject: stop(reject) })
    child.stdin!.write(`${JSON.stringify(question)}\n`)
  })
  const nets = spaces(t).flatMap((s) => (s.kind === 'netns' ? [s] : []))
  await ask({ prefix, spaces: nets.map((n) => ({ name: n.name, bridges: n.devs.filter((d) => d.kind === 'bridge').map((d) => d.name), sockets: n.sockets.map((x) => ({ proto: x.proto, port: x.port, addr: x.addr ?? '0.0.0.0' })) })) }, BUILD_MS)
  return {
    async send(flow) { return JSON.parse(await ask({ flow }, ANSWER_MS)) as Shown },
    async reset() { await ask({ reset: true }, ANSWER_MS) },
    async close() { child.stdin!.end(); child.kill('SIGKILL'); await exited },
  }
}

export interface Ability { readonly kernel: string; readonly cannot: string | null; readonly missing: readonly DevKind[] }

const TRY: { readonly [K in DevKind]?: string } = {
  veth: 'ip link add v0 type veth peer name v1', bridge: 'ip link add b0 type bridge', vxlan: 'ip link add x0 type vxlan id 1 dstport 8472', tun: 'ip tuntap add t0 mode tun', nic: 'ip tuntap add t1 mode tap',
}

/** What this machine can build, asked of it in a namespace that nobody sees. */
export function ability(): Ability {
  const kernel = spawnSync('uname', ['-r'], { encoding: 'utf8', env: ENV }).stdout?.trim() ?? ''
  if (process.platform !== 'linux') return { kernel, cannot: 'needs Linux', missing: [] }
  if (process.getuid?.() !== 0) return { kernel, cannot: 'needs root', missing: [] }
  const script = `mount -t tmpfs lab /run; mkdir /run/netns
for t in ip bridge iptables-restore python3; do command -v $t > /dev/null || { echo "$t is not installed"; exit 1; }; done
ip netns add a; ip netns exec a iptables-restore <<< $'*nat\\n-A POSTROUTING -m addrtype --dst-type LOCAL -j MASQUERADE\\nCOMMIT' || exit 1
${Object.entries(TRY).map(([kind, command]) => `${command} 2> /dev/null || echo "missing ${kind}"`).join('\n')}
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || echo 'missing br_netfilter'
echo done`
  const r = spawnSync('unshare', [...PRIVATE.slice(0, -1), '-c', script], { encoding: 'utf8', timeout: 20_000, env: ENV })
  const lines = (r.stdout ?? '').split('\n')
  if (!lines.includes('done')) return { kernel, cannot: `cannot make network namespaces: ${r.error?.message ?? (`${r.stdout} ${r.stderr}`.trim() || 'unshare failed')}`, missing: [] }
  const missing = lines.flatMap((l) => (l.startsWith('missing ') ? [l.slice(8) as DevKind] : []))
  return { kernel, cannot: null, missing }
}
