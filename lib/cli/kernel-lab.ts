import { spawn, spawnSync } from 'node:child_process'
import type { DevKind } from '#lib/topology/devs.ts'
import { NEEDED } from '#lib/topology/devs/needed.ts'
import type { Topology } from '#lib/topology/topology.ts'
import {
  AGENT,
  BOOT,
  BUILD_MS,
  ENV,
  interpreter,
  labOver,
  LabError,
  plan,
  PRIVATE,
  talk,
  type KernelLab,
} from './agent-talk.ts'
import { cli } from './words.ts'

/* The running kernel. A lab is there for one command: it is built in mount, process and network namespaces of its own, so the kernel takes all of it away when the command ends, however it ends. */

/** A kernel that may be asked: why it cannot be, what it has no devices of, and how a lab is built in it. `close` ends what was started to ask it; a lab that is open ends with it. */
export interface Ability {
  readonly kernel: string
  readonly cannot: string | null
  readonly missing: readonly (DevKind | 'br_netfilter' | 'ip_vs' | 'ip_set')[]
  /** Builds the topology; LabError with the tools' own words if it cannot be built. */
  open(t: Topology): Promise<KernelLab>
  close(): Promise<void>
}

/** How long an agent that was told to end may take. */
const END_MS = 2000

/** The labs of one Ability. One that is closed ends while the next is built: ending is mostly waiting. */
function labs(): Pick<Ability, 'open' | 'close'> {
  let ending: Promise<void> = Promise.resolve()
  return {
    async open(t) {
      const { lab, end } = await openLab(t)
      return {
        ...lab,
        close: async () => {
          await ending
          ending = end()
        },
      }
    },
    close: () => ending,
  }
}

async function openLab(
  t: Topology,
): Promise<{ readonly lab: Omit<KernelLab, 'close'>; readonly end: () => Promise<void> }> {
  const { prefix, script, setup } = plan(t)
  const child = spawn('unshare', [...PRIVATE, BOOT, AGENT], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...ENV, PREFIX: prefix, PYTHON: interpreter() },
  })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (s: string) => {
    said = (said + s).slice(-4000)
  })
  const agent = talk(child.stdin!, child.stdout!, {
    said: () => said,
    hung: () => {
      child.kill('SIGKILL')
    },
  })
  child.on('error', (e) => agent.end(new LabError(`unshare: ${e.message}`)))
  const exited = new Promise<void>((done) => {
    child.on('close', () => {
      agent.end(new LabError(said.trim() || cli().labEnded))
      done()
    })
  })
  const feed = child.stdio[3] as NodeJS.WritableStream
  feed.on('error', () => {
    /* the exit says why */
  })
  feed.end(script)
  await agent.ask(setup, BUILD_MS)
  return {
    lab: labOver(agent),
    end: async () => {
      child.stdin!.end()
      const late = setTimeout(() => {
        child.kill('SIGKILL')
      }, END_MS)
      await exited
      clearTimeout(late)
    },
  }
}

/** What the running kernel can build, asked of it in a namespace that nobody sees. */
export function ability(): Ability {
  const kernel = spawnSync('uname', ['-r'], { encoding: 'utf8', env: ENV }).stdout?.trim() ?? ''
  const says = (cannot: string | null, missing: Ability['missing'] = []): Ability => ({
    kernel,
    cannot,
    missing,
    ...labs(),
  })
  if (process.platform !== 'linux') return says(cli().needsLinux)
  if (process.getuid?.() !== 0) return says(cli().needsRoot)
  const script = `mount -t tmpfs lab /run; mkdir /run/netns
for t in ip bridge iptables-restore python3; do command -v $t > /dev/null || { echo "$t is not installed"; exit 1; }; done
ip netns add a; ip netns exec a iptables-restore <<< $'*nat\\n-A POSTROUTING -m addrtype --dst-type LOCAL -j MASQUERADE\\nCOMMIT' || exit 1
${NEEDED.map(([kind, { tried }]) => `${tried} 2> /dev/null || echo "missing ${kind}"`).join('\n')}
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || echo 'missing br_netfilter'
ipvsadm -Ln > /dev/null 2>&1 || echo 'missing ip_vs'
ipset list -n > /dev/null 2>&1 || echo 'missing ip_set'
echo done`
  const r = spawnSync('unshare', [...PRIVATE.slice(0, -1), '-c', script], {
    encoding: 'utf8',
    timeout: 20_000,
    env: ENV,
  })
  const lines = (r.stdout ?? '').split('\n')
  if (!lines.includes('done'))
    return says(
      cli().noNamespaces(
        r.error?.message ?? (`${r.stdout} ${r.stderr}`.trim() || cli().unshareFailed),
      ),
    )
  return says(
    null,
    lines.flatMap((l) =>
      l.startsWith('missing ') ? [l.slice(8) as Ability['missing'][number]] : [],
    ),
  )
}
