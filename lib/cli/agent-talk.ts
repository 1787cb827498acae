import { spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { RawFrame } from '#lib/analysis/read/frames.ts'
import { labScript } from '#lib/analysis/kernel/lab.ts'
import { carried } from '#lib/analysis/kernel/lab-connections.ts'
import { traits } from '#lib/topology/devs.ts'
import { spaces, type Topology } from '#lib/topology/topology.ts'
import { cli } from './words.ts'

/* A lab is one script that builds it and one agent in it that is asked: alike in every kernel. How both get there is kernel-lab.ts's and uml.ts's. */

export const AGENT = fileURLToPath(new URL('agent.py', import.meta.url))
/** An empty or relative part of PATH means the directory one stands in: no tool is looked for there. */
const PATH = [
  ...(process.env['PATH'] ?? '').split(':').filter((d) => d.startsWith('/')),
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
].join(':')
/** All that the lab's programs find in their environment: a shell would run what BASH_ENV names, as root. */
export const ENV: NodeJS.ProcessEnv = { PATH, LC_ALL: 'C', NODE_ENV: process.env.NODE_ENV }
export const PRIVATE = [
  '--mount',
  '--net',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  'bash',
  '--norc',
  '-euc',
] as const
/** The names of its namespaces are in a /run of its own, so two labs at once do not meet; iptables' lock is there too. */
export const BOOT =
  'mount -t tmpfs lab /run; mkdir /run/netns; cat <&3 > /run/lab.sh; exec 3<&-; RUN=/run/lab bash /run/lab.sh up >&2; exec "$PYTHON" -BIS "$0"'
export const BUILD_MS = 60_000
const ANSWER_MS = 20_000

/** A flow as the agent sends it: every choice made. `question` and `reply` are what is said, as hex without zeros at the end; null: bytes that count up. */
export interface SendFlow {
  readonly from: string
  readonly to: string
  readonly proto: 'icmp' | 'udp' | 'tcp'
  readonly sport: number
  readonly dport: number
  readonly src: string | null
  readonly size: number
  readonly answer: number
  readonly ttl: number
  readonly tos: number
  readonly df: boolean | null
  readonly seq: number
  readonly count: number
  readonly question: string | null
  readonly reply: string | null
}
/** What the kernel showed. `counters`: of /proc/net/snmp and netstat, what moved in each namespace, by nstat's names. */
export interface Shown {
  readonly outcome: string
  readonly lost: number
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly frames: readonly RawFrame[]
}
export interface KernelLab {
  send(flow: SendFlow): Promise<Shown>
  reset(): Promise<void>
  close(): Promise<void>
}

/** Why a lab did not come up or stopped answering. */
export class LabError extends Error {}
/** The kernel that was asked is gone, and said nothing of the flow: another one may be asked. */
export class KernelGone extends LabError {}

/** The interpreter itself: what stands first on PATH may be a script that looks for it, each time. */
let python: string | null = null
export function interpreter(): string {
  return (python ??=
    spawnSync('python3', ['-BIS', '-c', 'import sys; print(sys.executable)'], {
      encoding: 'utf8',
      env: { ...ENV, HOME: process.env['HOME'] },
    }).stdout?.trim() || 'python3')
}

/** What a lab of the topology is built from: its script, and the first line that its agent reads. */
export interface Plan {
  readonly prefix: string
  readonly script: string
  readonly setup: string
}
export function plan(t: Topology): Plan {
  const prefix = `pwv${Math.floor(Math.random() * 0x7fffffff).toString(36)}-`
  const nets = spaces(t).flatMap((s) => (s.kind === 'netns' ? [s] : []))
  return {
    prefix,
    script: labScript(t, {
      title: 'a lab of packet-walk verify',
      command: 'packet-walk verify',
      silent: true,
    }),
    setup: JSON.stringify({
      prefix,
      connections: nets.some((n) => carried(n).length > 0),
      spaces: nets.map((n) => ({
        name: n.name,
        bridges: n.devs.filter((d) => traits(d).hasPorts).map((d) => d.name),
        sockets: n.sockets.map((x) => ({
          proto: x.proto,
          port: x.port,
          addr: x.addr ?? '0.0.0.0',
          relay: x.relay ?? null,
        })),
      })),
    }),
  }
}

/** Lines and the lines that answer them, in order. `ask(null, …)` waits for a line without writing one; after `end` nothing is answered any more, and all who wait hear why. */
export interface Talk {
  ask(line: string | null, ms: number): Promise<string>
  end(why: Error): void
}

/** Talks over two streams. `said`: what else was told, for the error; `hung` ends whom no answer came from. */
export function talk(
  to: Writable,
  from: Readable,
  { said, hung }: { readonly said: () => string; readonly hung: () => void },
): Talk {
  const waiting: { resolve: (line: string) => void; reject: (e: Error) => void }[] = []
  let gone: Error | null = null
  const end = (e: Error): void => {
    gone ??= e
    for (const w of waiting.splice(0)) w.reject(gone)
  }
  createInterface({ input: from }).on('line', (line) => waiting.shift()?.resolve(line))
  to.on('error', () => {
    /* the exit says why */
  })
  const ask = (line: string | null, ms: number): Promise<string> =>
    new Promise((resolve, reject) => {
      if (gone !== null) {
        reject(gone)
        return
      }
      const timer = setTimeout(() => {
        end(new LabError(cli().noAnswer(ms / 1000, said().trim())))
        hung()
      }, ms)
      const stop =
        <T>(f: (x: T) => void) =>
        (x: T): void => {
          clearTimeout(timer)
          f(x)
        }
      waiting.push({ resolve: stop(resolve), reject: stop(reject) })
      if (line !== null) to.write(`${line}\n`)
    })
  return { ask, end }
}

/** A lab whose agent is ready. */
export function labOver(t: Talk): Omit<KernelLab, 'close'> {
  return {
    async send(flow) {
      return JSON.parse(await t.ask(JSON.stringify({ flow }), ANSWER_MS)) as Shown
    },
    async reset() {
      await t.ask(JSON.stringify({ reset: true }), ANSWER_MS)
    },
  }
}
