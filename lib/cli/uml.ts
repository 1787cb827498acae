import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  accessSync,
  constants,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { NEEDED } from '#lib/topology/devs/needed.ts'
import type { Topology } from '#lib/topology/topology.ts'
import {
  AGENT,
  BOOT,
  ENV,
  interpreter,
  labOver,
  KernelGone,
  LabError,
  plan,
  PRIVATE,
  talk,
  type KernelLab,
  type Talk,
} from './agent-talk.ts'
import type { Ability } from './kernel-lab.ts'
import { cli } from './words.ts'

/* User-Mode Linux: a kernel that is a process, on this machine's own files, read-only. Needs no root and no /dev/kvm. One is started for a command and has its labs, one after the other, as the running kernel would. */

const INSTALL = 'apt-get install user-mode-linux kmod'
const MODULES = '/usr/lib/uml/modules'
const WATCH = fileURLToPath(new URL('uml.sh', import.meta.url))
const INIT = fileURLToPath(new URL('uml-init.sh', import.meta.url))
/** uml-xstate.c says what it is for, and how it was made. */
export const XSTATE = fileURLToPath(new URL('uml-xstate.so', import.meta.url))
/** What no tool asks for by itself. */
const LOAD = ['br_netfilter', 'nf_conntrack', 'nf_conntrack_netlink', 'ip_vs', 'ip_vs_rr', 'ip_set']
/** Modules that are not part of every kernel, each with what is missing without it. */
const NEEDS: readonly (readonly [Ability['missing'][number], string])[] = [
  ...NEEDED.map(([kind, { module }]) => [kind, module] as const),
  ['br_netfilter', 'br_netfilter'],
  ['ip_vs', 'ip_vs'],
  ['ip_set', 'ip_set'],
]
const MEMORY = 512 * 1024 * 1024
/** Of a busy machine: an idle one needs two seconds, and four for a lab. */
const [BOOT_MS, BUILD_MS] = [120_000, 180_000]
const TOOLS = [
  'linux.uml',
  'modprobe',
  'xtables-legacy-multi',
  'ip',
  'bridge',
  'python3',
  'unshare',
  'stty',
]

function onPath(tool: string): boolean {
  return ENV['PATH']!.split(':').some((d) => {
    try {
      accessSync(join(d, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Whether User-Mode Linux is here, and what it has. Nothing is started before a lab is opened. */
export function umlAbility(): Ability {
  const none = (cannot: string): Ability => ({
    kernel: '',
    cannot,
    missing: [],
    open: async () => {
      throw new LabError(cannot)
    },
    close: async () => {},
  })
  if (process.platform !== 'linux') return none(cli().needsLinux)
  const absent = TOOLS.filter((t) => !onPath(t))
  if (absent.length > 0)
    return none(
      absent.some((t) => t === 'linux.uml' || t === 'modprobe')
        ? cli().umlNotInstalled(INSTALL)
        : cli().notInstalled(absent),
    )
  const kernel =
    spawnSync('linux.uml', ['--version'], { encoding: 'utf8', env: ENV }).stdout?.trim() ?? ''
  const tree = join(MODULES, kernel)
  const has = ['modules.dep', 'modules.builtin']
    .map((f) => {
      try {
        return readFileSync(join(tree, f), 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')
  const missing = NEEDS.flatMap(([what, module]) =>
    new RegExp(`/${module}\\.ko\\b`).test(has) ? [] : [what],
  )
  return { kernel, cannot: null, missing, ...machines(tree) }
}

/** One machine at a time, begun when a lab is wanted and none runs; what hung is begun anew. */
function machines(tree: string): Pick<Ability, 'open' | 'close'> {
  let m: Machine | null = null
  return {
    async open(t) {
      if (m === null || m.over()) m = await boot(tree)
      return m.lab(t)
    },
    async close() {
      await m?.stop()
      m = null
    },
  }
}

interface Machine {
  lab(t: Topology): Promise<KernelLab>
  over(): boolean
  stop(): Promise<void>
}

const quoted = (s: string): string => `'${s.replaceAll("'", String.raw`'\''`)}'`

/** Starts it; LabError with its last words if it does not come up. */
async function boot(tree: string): Promise<Machine> {
  const dir = mkdtempSync(join(tmpdir(), 'packet-walk-uml-'))
  writeFileSync(join(dir, 'init'), readFileSync(INIT), { mode: 0o755 })
  const settings = {
    MODULES: tree,
    LOAD: LOAD.join(' '),
    PATH: ENV['PATH']!,
    PYTHON: interpreter(),
    AGENT,
    BOOT,
    PRIVATE: PRIVATE.join(' '),
  }
  writeFileSync(
    join(dir, 'settings'),
    Object.entries(settings)
      .map(([k, v]) => `${k}=${quoted(v)}\n`)
      .join(''),
  )
  const child = spawn(
    'sh',
    [
      WATCH,
      dir,
      'linux.uml',
      `uml_dir=${dir}`,
      `mem=${MEMORY}`,
      'rootfstype=hostfs',
      'rootflags=/',
      'ro',
      `init="${dir}/init"`,
      'con=null',
      'con0=null,fd:1',
      'con1=null',
      'ssl=null',
      'ssl0=fd:3,fd:4',
      'ssl1=fd:5,fd:6',
      'quiet',
    ],
    {
      // In a session of its own: what a terminal sends ends the command, and then uml.sh all that it began.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...ENV, ...memoryAt(dir), ...stateIn(dir) },
    },
  )
  return watched(child, dir)
}

/** Has a processor more state than User-Mode Linux keeps of a process? `info` is /proc/cpuinfo. */
export function tooWide(info: string): boolean {
  return /^flags\b.*\bamx_tile\b/m.test(info)
}

/** The library is copied: LD_PRELOAD parts names at blanks and colons. */
function stateIn(dir: string): { readonly LD_PRELOAD?: string } {
  try {
    if (!tooWide(readFileSync('/proc/cpuinfo', 'utf8'))) return {}
  } catch {
    return {}
  }
  const library = join(dir, 'xstate.so')
  copyFileSync(XSTATE, library)
  return { LD_PRELOAD: library }
}

/** What the kernel says at every start, and its stack. */
const NOISE = /^(?:SELinux:|mmapper_init|Failed to initialize ubd|\s*\[<|\s*$)/
/** The last words of one that did not come up. */
function lastWords(said: string): string {
  const lines = said.trim().split('\n')
  const telling = lines.filter((x) => !NOISE.test(x))
  return (telling.length > 0 ? telling : lines).slice(0, 5).join(' ')
}

/** Its memory is a file, in /dev/shm if TMPDIR names nothing; in a container that may be too small. */
function memoryAt(dir: string): { readonly TMPDIR?: string } {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > MEMORY ? {} : { TMPDIR: dir }
  } catch {
    return { TMPDIR: dir }
  }
}

async function watched(child: ChildProcess, dir: string): Promise<Machine> {
  const [life, , console, questions, answers, orders, told] = child.stdio as unknown as readonly [
    Writable,
    null,
    Readable,
    Writable,
    Readable,
    Writable,
    Readable,
  ]
  let said = ''
  const hear = (s: string): void => {
    said = (said + s).slice(-4000)
  }
  console.setEncoding('utf8').on('data', hear)
  for (const s of [life, orders])
    s.on('error', () => {
      /* the exit says why */
    })
  let over = false
  const leave = (): void => {
    over = true
    life.destroy()
  }
  const agent = talk(questions, answers, { said: () => said, hung: leave })
  const exited = new Promise<void>((done) => {
    const gone = (why: LabError): void => {
      over = true
      rmSync(dir, { recursive: true, force: true })
      agent.end(why)
      // One that nobody reads would keep the command waiting.
      for (const x of child.stdio) x?.destroy()
      done()
    }
    child.on('error', (e) => gone(new LabError(`sh: ${e.message}`)))
    child.on('exit', () => gone(new KernelGone(cli().umlEnded(lastWords(said)))))
  })
  /** Who waits for a line "@@ …". */
  const awaited = new Map<string, () => void>()
  const up = new Promise<void>((done) => {
    createInterface({ input: told }).on('line', (line) => {
      if (line.startsWith('@@ up')) done()
      else if (line.startsWith('@@ ')) awaited.get(line.slice(3))?.()
      else hear(`${line}\n`)
    })
  })
  const stop = async (): Promise<void> => {
    leave()
    await exited
  }
  const slow = setTimeout(leave, BOOT_MS)
  await Promise.race([up, exited])
  clearTimeout(slow)
  if (over) throw new LabError(cli().umlNotUp(lastWords(said)))
  let count = 0
  return {
    lab: (t) =>
      labIn(
        {
          dir,
          n: count++,
          agent,
          orders,
          awaited,
          exited,
          leave,
          said: () => said,
          quiet: () => {
            said = ''
          },
        },
        t,
      ),
    over: () => over,
    stop,
  }
}

interface Within {
  readonly dir: string
  readonly n: number
  readonly agent: Talk
  readonly orders: Writable
  readonly awaited: Map<string, () => void>
  readonly exited: Promise<void>
  said(): string
  quiet(): void
  leave(): void
}

async function labIn(w: Within, t: Topology): Promise<KernelLab> {
  const { prefix, script, setup } = plan(t)
  const files = ['sh', 'setup'].map((x) => join(w.dir, `${w.n}.${x}`))
  writeFileSync(files[0]!, script)
  writeFileSync(files[1]!, `${setup}\n`)
  w.quiet()
  let closing = false
  const ended = new Promise<void>((done) => {
    w.awaited.set(`ended ${w.n}`, () => {
      // Whoever waits would take the next lab's answer for this one's.
      if (!closing) {
        w.agent.end(new LabError(w.said().trim() || cli().labEnded))
        w.leave()
      }
      done()
    })
  })
  w.orders.write(`open ${w.n} ${prefix}\n`)
  await w.agent.ask(null, BUILD_MS)
  return {
    ...labOver(w.agent),
    async close() {
      closing = true
      w.orders.write('close\n')
      await Promise.race([ended, w.exited])
      for (const f of files) rmSync(f, { force: true })
    },
  }
}
