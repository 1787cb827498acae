import { spawn, spawnSync } from 'node:child_process'
import type { DevKind } from '#lib/topology/devs.ts'
import type { Topology } from '#lib/topology/topology.ts'
import { AGENT, BOOT, BUILD_MS, ENV, interpreter, labOver, LabError, plan, PRIVATE, talk, type KernelLab } from './agent-talk.ts'

/* The running kernel. A lab is there for one command: it is built in mount, process and network namespaces of its own, so the kernel takes all of it away when the command ends, however it ends. */

/** A kernel that may be asked: why it cannot be, what it has no devices of, and how a lab is built in it. `close` ends what was started to ask it; a lab that is open ends with it. */
export interface Ability {
  readonly kernel: string; readonly cannot: string | null; readonly missing: readonly (DevKind | 'br_netfilter')[]
  /** Builds the topology; LabError with the tools' own words if it cannot be built. */
  open(t: Topology): Promise<KernelLab>
  close(): Promise<void>
}

async function openLab(t: Topology): Promise<KernelLab> {
  const { prefix, script, setup } = plan(t)
  const child = spawn('unshare', [...PRIVATE, BOOT, AGENT], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: { ...ENV, PREFIX: prefix, PYTHON: interpreter() } })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (s: string) => { said = (said + s).slice(-4000) })
  const agent = talk(child.stdin!, child.stdout!, () => said, () => { child.kill('SIGKILL') })
  child.on('error', (e) => agent.end(new LabError(`unshare: ${e.message}`)))
  const exited = new Promise<void>((done) => { child.on('close', () => { agent.end(new LabError(said.trim() || 'the lab ended')); done() }) })
  const feed = child.stdio[3] as NodeJS.WritableStream
  feed.on('error', () => { /* the exit says why */ })
  feed.end(script)
  await agent.ask(setup, BUILD_MS)
  return labOver(agent, async () => { child.stdin!.end(); child.kill('SIGKILL'); await exited })
}

/** How each kind of device is made, where one tries whether a kernel can. */
const TRY: { readonly [K in DevKind]?: string } = {
  veth: 'ip link add v0 type veth peer name v1', bridge: 'ip link add b0 type bridge', vxlan: 'ip link add x0 type vxlan id 1 dstport 8472', tun: 'ip tuntap add t0 mode tun', nic: 'ip tuntap add t1 mode tap',
}

/** What the running kernel can build, asked of it in a namespace that nobody sees. */
export function ability(): Ability {
  const kernel = spawnSync('uname', ['-r'], { encoding: 'utf8', env: ENV }).stdout?.trim() ?? ''
  const says = (cannot: string | null, missing: Ability['missing'] = []): Ability => ({ kernel, cannot, missing, open: openLab, close: async () => {} })
  if (process.platform !== 'linux') return says('needs Linux')
  if (process.getuid?.() !== 0) return says('needs root')
  const script = `mount -t tmpfs lab /run; mkdir /run/netns
for t in ip bridge iptables-restore python3; do command -v $t > /dev/null || { echo "$t is not installed"; exit 1; }; done
ip netns add a; ip netns exec a iptables-restore <<< $'*nat\\n-A POSTROUTING -m addrtype --dst-type LOCAL -j MASQUERADE\\nCOMMIT' || exit 1
${Object.entries(TRY).map(([kind, command]) => `${command} 2> /dev/null || echo "missing ${kind}"`).join('\n')}
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || echo 'missing br_netfilter'
echo done`
  const r = spawnSync('unshare', [...PRIVATE.slice(0, -1), '-c', script], { encoding: 'utf8', timeout: 20_000, env: ENV })
  const lines = (r.stdout ?? '').split('\n')
  if (!lines.includes('done')) return says(`cannot make network namespaces: ${r.error?.message ?? (`${r.stdout} ${r.stderr}`.trim() || 'unshare failed')}`)
  return says(null, lines.flatMap((l) => (l.startsWith('missing ') ? [l.slice(8) as Ability['missing'][number]] : [])))
}
