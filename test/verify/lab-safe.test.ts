import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { labScript } from '#lib/analysis/kernel/lab.ts'
import { ability } from '#lib/cli/kernel-lab.ts'
import { ClusterError } from '#lib/worlds/cluster/file.ts'
import { fromSpaces, spaces, type Topology } from '#lib/topology/topology.ts'
import { clusterOf } from '#lib/worlds/all.ts'
import { BASE, hostile, MARKER, OUTSIDE, type Hostile } from '../hostile/rows.ts'

/* A lab script is run as root, whoever wrote the rows: it starts what is on a list, writes below its own directory and /proc/sys/net, or is not printed. PACKET_WALK_HOSTILE=2000,30 asks more: so many with tools that only record, so many for real. */

const [STUBBED = 200, REAL = 5] = (process.env['PACKET_WALK_HOSTILE'] ?? '200,5')
  .split(',')
  .map(Number)
const FIRST = Number(process.env['PACKET_WALK_HOSTILE_SEED'] ?? 1)
const PREFIX = 'pwh-'
const about = { title: 'hostile', command: 'packet-walk lab' }

const COMMAND = fileURLToPath(new URL('../../lib/cli/packet-walk.mjs', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'lab-safe-'))
afterAll(() => {
  rmSync(dir, { recursive: true })
})
const at = (name: string): string => join(dir, name)

/** Tools that write down what they were told: words, and what came on standard input. Nothing of the machine is asked or changed; /proc/sys is a directory of ours. */
function stubs(): string {
  const bin = at('bin')
  mkdirSync(bin)
  const record = `{ printf 'CALL\\0%s\\0' "\${0##*/}"; for a do printf '%s\\0' "$a"; done; printf 'INPUT\\0'; if [ "$read" = 1 ]; then cat; fi; printf '\\0'; } >> "$REC"`
  const tool = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  tool(
    'ip',
    `case "$1 $2" in
  'netns exec') shift 3; exec "$@" ;;
  -n* | -b*) read=1 ;; *) read=0 ;;
esac; ${record}`,
  )
  for (const name of ['bridge', 'iptables-restore']) tool(name, `read=1; ${record}`)
  tool('ipset', `case $1 in restore) read=1 ;; *) read=0 ;; esac; ${record}`)
  tool('ipvsadm', `case $1 in -R) read=1 ;; *) read=0 ;; esac; ${record}`)
  // What lab.py does with an order: a sysctl is a file, if it is there.
  tool(
    'python3',
    `read=0; ${record}
while read -r line; do
  printf 'CALL\\0order\\0%s\\0INPUT\\0\\0' "$line" >> "$REC"; set -f; set -- $line; path=\${3-}; value=\${4-}
  case $1 in sysctl) path=\${path#[}; path=$ROOT/proc/sys/\${path%]}; if [ -e "$path" ]; then echo "$value" > "$path"; fi ;; *) echo done ;; esac
done`,
  )
  tool('id', 'echo 0')
  tool('stat', 'shift 3; for f do echo "$f 7"; done')
  for (const name of ['bash', 'cat', 'mkdir', 'dirname', 'sleep', 'rm', 'grep'])
    symlinkSync(
      spawnSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(),
      join(bin, name),
    )
  for (const d of ['all', 'default', 'eth0']) {
    mkdirSync(at(`root/proc/sys/net/ipv4/conf/${d}`), { recursive: true })
    for (const name of ['rp_filter', 'accept_local', 'arp_ignore', 'proxy_arp', 'send_redirects'])
      writeFileSync(at(`root/proc/sys/net/ipv4/conf/${d}/${name}`), '0\n')
  }
  writeFileSync(at('root/proc/sys/net/ipv4/ip_forward'), '0\n')
  mkdirSync(at('root/tmp'))
  writeFileSync(at(`root/${OUTSIDE}`), 'as it was\n')
  mkdirSync(at('here'))
  return bin
}

interface Call {
  readonly tool: string
  readonly words: readonly string[]
  readonly input: string
}
interface Seen {
  readonly status: number | null
  readonly said: string
  readonly commands: readonly string[]
  readonly calls: readonly Call[]
  readonly files: readonly string[]
  readonly json: string
}

/** Runs a script with the stubs, and what it did then. */
function recorded(path: string, script: string): Seen {
  const [run, rec, trace] = ['run', 'rec', 'trace'].map(at) as [string, string, string]
  for (const f of [run, rec, trace]) rmSync(f, { recursive: true, force: true })
  writeFileSync(at('lab.sh'), script)
  writeFileSync(rec, '')
  const r = spawnSync(
    'bash',
    [
      '-c',
      'exec 9> "$1"; export BASH_XTRACEFD=9; exec bash -x "$2" up',
      'bash',
      trace,
      at('lab.sh'),
    ],
    {
      cwd: at('here'),
      encoding: 'utf8',
      timeout: 20_000,
      env: { PATH: path, PREFIX, RUN: run, REC: rec, ROOT: at('root'), NODE_ENV: 'test' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const calls = readFileSync(rec, 'utf8')
    .split('CALL\0')
    .slice(1)
    .map((c): Call => {
      const [words = '', input = ''] = c.split('INPUT\0')
      const [tool = '', ...rest] = words.split('\0').slice(0, -1)
      return { tool, words: rest, input: input.slice(0, -1) }
    })
  // A traced command that ran: + for each shell it is in, its first word. What goes over lines is quoted and begins with no +.
  const commands = readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((l) => /^\++ '?([^\s']+)/.exec(l)?.[1] ?? [])
  return {
    status: r.status,
    said: r.stderr,
    commands: [...new Set(commands)],
    calls,
    files: existsSync(run) ? readdirSync(run) : [],
    json: existsSync(join(run, 'lab.json')) ? readFileSync(join(run, 'lab.json'), 'utf8') : '{}',
  }
}

/** What the script's own text runs: the shell's words, and the programs. */
const STARTS = new Set([
  '[',
  'case',
  'for',
  'set',
  'fail',
  'echo',
  'exit',
  'read',
  'local',
  'eval',
  'shift',
  'printf',
  'trap',
  'export',
  'return',
  'break',
  'true',
  'kill',
  'jobs',
  'command',
  ':',
  'up',
  'down',
  'programs',
  'build',
  'namespaces',
  'list',
  'coproc',
  'exec',
  'wait',
  'in_ns',
  'ips',
  'bridges',
  'sysctls',
  'lab',
  'ip',
  'bridge',
  'iptables-restore',
  'ipset',
  'ipvsadm',
  'python3',
  'id',
  'stat',
  'bash',
  'cat',
  'mkdir',
  'dirname',
  'sleep',
  'rm',
  'grep',
])
/** `NAME=…` and `NAME+=…` are no command. */
const assigned = (word: string): boolean =>
  /^(?:PREFIX|RUN|PYTHON|NAMES|PATH|TMPDIR|IFS|found|lines|files|told|said|path|n|f|k|v|d|i|tool|name|was|pid|made)\+?=/.test(
    word,
  )

const NAME = String.raw`[A-Za-z0-9_][\w.-]*`
const [IP, MAC] = [String.raw`(?:\d{1,3}\.){3}\d{1,3}`, '(?:[0-9a-f]{2}:){5}[0-9a-f]{2}']
const DEV = String.raw`[A-Za-z0-9_][\w.-]{0,14}`
/** The lines that ipset is told, each whole. */
const SET = new RegExp(
  String.raw`^(?:create \w[\w.:-]{0,30} (?:hash:[a-z,]+ family inet hashsize 1024 maxelem \d+ bucketsize 12|bitmap:port range \d+-\d+)|add \w[\w.:-]{0,30} [\w.:,/]{1,60}(?: nomatch)?)$`,
)
/** The lines that ipvsadm is told, each whole. */
const VIRTUAL = new RegExp(
  String.raw`^-(?:A -[tu] ${IP}:\d{1,5} -s rr|a -[tu] ${IP}:\d{1,5} -r ${IP}:\d{1,5} -m -w \d{1,5})$`,
)
/** The lines that iproute2 is told, each whole: what a word of a row could add matches none. */
const BATCH: Readonly<Record<'ip' | 'bridge', RegExp>> = {
  ip: new RegExp(
    `^(?:${[
      `tuntap add dev ${DEV} mode (?:tap|tun)`,
      `link set dev ${DEV}(?: address ${MAC})? mtu \\d+`,
      `link set dev ${DEV} (?:up|master ${DEV})`,
      `link add name ${DEV} address ${MAC} type bridge vlan_default_pvid 0 mcast_snooping 0 ageing_time 360000`,
      `link add name ${DEV} address ${MAC} mtu \\d+ type vxlan id \\d+ local ${IP} dstport \\d+ (?:no)?learning (?:no)?udpcsum`,
      `link add name ${DEV} address ${MAC} mtu \\d+ type veth peer name ${DEV} address ${MAC} mtu \\d+ netns ${PREFIX}${NAME}`,
      `addr add ${IP}/\\d+ dev ${DEV}(?: noprefixroute)?`,
      `route add (?:(?:unicast|blackhole|unreachable|prohibit) )?(?:default|${IP}(?:/\\d+)?)(?: via ${IP})?(?: dev ${DEV})?(?: table (?:\\d+|local|default))?(?: proto (?:kernel|dhcp))?(?: scope (?:link|host))?(?: src ${IP})?(?: metric \\d+)?(?: onlink)?(?: mtu \\d+)?(?: scope global)?(?: nexthop(?: via ${IP})?(?: dev ${DEV})? weight \\d+(?: onlink)?)*`,
      'rule del priority \\d+',
      `rule add (?:not )?from (?:all|default|${IP}(?:/\\d+)?)(?: to (?:default|${IP}(?:/\\d+)?))?(?: fwmark [0-9a-fx]+(?:/[0-9a-fx]+)?)?(?: iif ${DEV})? lookup (?:\\d+|main|local|default) priority \\d+`,
      `neigh replace ${IP} dev ${DEV}(?: lladdr ${MAC})? nud (?:permanent|reachable|stale)`,
    ].join('|')})$`,
  ),
  bridge: new RegExp(
    `^(?:link set dev ${DEV} hairpin on|fdb (?:append|replace) ${MAC} dev ${DEV}(?: dst ${IP})? (?:self|master) (?:permanent|dynamic))$`,
  ),
}

/** What lab.py is told, each whole. */
const ORDER = new RegExp(
  `^(?:plain|carrier|connections|done|start(?: (?:vpc|listen|relay|flanneld:${NAME}))+|sysctl (?:\\*|${NAME}) \\[?net/[\\w/.@-]+\\]? -?\\d+)$`,
)

/** Words of a line as iptables-restore takes them apart: add_param_to_argv(), xshared.c. */
function restored(line: string): string[] {
  const out: string[] = []
  let [word, quoted, open] = ['', false, false]
  for (let i = 0; i < line.length; i += 1) {
    const c = line[i]!
    if (open && c === '\\') {
      i += 1
      word += line[i] ?? ''
    } else if (c === '"') {
      open = !open
      quoted = true
    } else if (!open && /[ \t]/.test(c)) {
      if (word !== '' || quoted) out.push(word)
      ;[word, quoted] = ['', false]
    } else word += c
  }
  return word !== '' || quoted ? [...out, word] : out
}
/** How many words each option has behind it. */
const OPTIONS: Readonly<Record<string, number>> = {
  '!': 0,
  '-A': 1,
  '-s': 1,
  '-d': 1,
  '-i': 1,
  '-o': 1,
  '-p': 1,
  '-m': 1,
  '-j': 1,
  '--sport': 1,
  '--dport': 1,
  '--dports': 1,
  '--mark': 1,
  '--ctstate': 1,
  '--src-type': 1,
  '--dst-type': 1,
  '--limit-iface-in': 0,
  '--comment': 1,
  '--mode': 1,
  '--probability': 1,
  '--to-source': 1,
  '--to-destination': 1,
  '--random-fully': 0,
  '--rcheck': 0,
  '--set': 0,
  '--update': 0,
  '--remove': 0,
  '--seconds': 1,
  '--reap': 0,
  '--name': 1,
  '--mask': 1,
  '--rsource': 0,
  '--rdest': 0,
  '--physdev-in': 1,
  '--physdev-out': 1,
  '--physdev-is-in': 0,
  '--physdev-is-out': 0,
  '--physdev-is-bridged': 0,
  '--mac-source': 1,
  '--pkt-type': 1,
  '--limit': 1,
  '--limit-burst': 1,
  '--match-set': 2,
  '--loose': 0,
  '--validmark': 0,
  '--accept-local': 0,
  '--invert': 0,
  '--set-xmark': 1,
  '--save-mark': 0,
  '--restore-mark': 0,
  '--nfmask': 1,
  '--ctmask': 1,
  '--reject-with': 1,
}
function ruleIsOne(line: string): boolean {
  const words = restored(line)
  if (line.length > 1000 || words[0] !== '-A') return false
  for (let i = 0; i < words.length;) {
    const behind = Object.hasOwn(OPTIONS, words[i]!) ? OPTIONS[words[i]!]! : Number.NaN
    if (!(i + behind < words.length)) return false
    for (const w of words.slice(i + 1, i + 1 + behind))
      if (words[i] !== '--comment' && !/^[A-Za-z0-9_+][\w.,:/+-]*$/.test(w)) return false
    i += 1 + behind
  }
  return true
}
const savedIsOne = (line: string): boolean =>
  /^(?:\*(?:raw|mangle|nat|filter)|:[A-Za-z0-9_][\w.-]{0,27} (?:ACCEPT|DROP|-) \[0:0\]|COMMIT)$/.test(
    line,
  ) || ruleIsOne(line)

/** Was it there? It is not, then. */
function gone(path: string): boolean {
  const was = existsSync(path)
  rmSync(path, { force: true })
  return was
}

/** Everything that is not as it must be, one line each. */
function wrong(s: Seen): string[] {
  const lines = (text: string): string[] => text.split('\n').filter((l) => l !== '')
  const ns = new RegExp(`^${PREFIX}${NAME}$`)
  return [
    ...(gone(MARKER) ? [`${MARKER} was made`] : []),
    ...s.commands.filter((c) => !STARTS.has(c) && !assigned(c)).map((c) => `it ran ${c}`),
    ...s.calls
      .flatMap(({ tool, words, input }) => {
        const told = `${tool} ${words.join(' ')}`.slice(0, 200)
        if (tool === 'python3')
          return words.length === 4 &&
            words[1] === join(at('run'), 'lab.py') &&
            words[2] === at('run') &&
            words[3] === PREFIX
            ? []
            : [told]
        if (tool === 'order') return ORDER.test(words.join(' ')) ? [] : [told]
        if (tool === 'iptables-restore')
          return words.length === 0 ? lines(input).filter((l) => !savedIsOne(l)) : [told]
        if (tool === 'ipset')
          return words.join(' ') === 'restore' ? lines(input).filter((l) => !SET.test(l)) : [told]
        if (tool === 'ipvsadm')
          return words.join(' ') === '-Ln'
            ? []
            : words.join(' ') === '-R'
              ? lines(input).filter((l) => !VIRTUAL.test(l))
              : [told]
        if (tool === 'ip' && words[0] === '-batch')
          return words.join(' ') === '-batch -'
            ? lines(input).filter((l) => !(l.startsWith('netns add ') && ns.test(l.slice(10))))
            : [told]
        if (tool === 'bridge' || (tool === 'ip' && words[0] === '-n'))
          return words.length === 4 &&
            words[0] === '-n' &&
            ns.test(words[1]!) &&
            words.slice(2).join(' ') === '-batch -'
            ? lines(input).filter((l) => !BATCH[tool].test(l))
            : [told]
        return tool === 'ip' &&
          words[0] === 'netns' &&
          ['add', 'del', 'exec'].includes(words[1]!) &&
          ns.test(words[2]!)
          ? []
          : [told]
      })
      .map((x) => `a tool was told ${x}`),
    ...s.files
      .filter((f) => !/^(?:lab\.py|lab\.json|namespaces|pids|[\w.-]+\.log)$/.test(f))
      .map((f) => `it made ${f}`),
    ...(s.status === 0 && Array.isArray((JSON.parse(s.json) as { devices?: unknown }).devices)
      ? []
      : s.status === 0
        ? ['lab.json is none of ours']
        : []),
    ...[
      ...readdirSync(at('here')),
      ...readdirSync(dir).filter(
        (f) => !['bin', 'root', 'here', 'lab.sh', 'run', 'rec', 'trace'].includes(f),
      ),
      ...readdirSync(at('root')).filter((f) => f !== 'proc' && f !== 'tmp'),
      ...readdirSync(at('root/tmp')).filter((f) => `tmp/${f}` !== OUTSIDE),
    ].map((f) => `it made ${f}`),
    ...(readFileSync(at(`root/${OUTSIDE}`), 'utf8') === 'as it was\n'
      ? []
      : [`it wrote ${OUTSIDE}`]),
  ]
}

/** The topology of a case; null if the file was refused. Anything but a ClusterError is a fault. */
function topologyOf(h: Hostile): Topology | null {
  if ('topology' in h) return h.topology
  try {
    return clusterOf(h.file).topology
  } catch (error) {
    if (error instanceof ClusterError) return null
    throw error
  }
}
/** The script of a case, or why there is none: in a RangeError that names a place. */
function scriptOf(t: Topology): string | null {
  try {
    return labScript(t, about)
  } catch (error) {
    // A message that names no place is a failure as any other error is.
    if (error instanceof RangeError && /^("|[\w.-]+(\.|\/|\[|:)).*[;:] ./.test(error.message))
      return null
    throw error
  }
}

describe('a script of hostile rows', () => {
  const bin = stubs()

  it('of rows that mean well does what the list says, so that the list is needed', () => {
    const s = recorded(bin, labScript(fromSpaces(BASE), about))
    expect([s.status, s.said, wrong(s)]).toEqual([0, '', []])
    expect(s.calls.map((c) => c.tool)).toEqual(
      expect.arrayContaining(['ip', 'bridge', 'iptables-restore', 'ipset', 'ipvsadm', 'python3']),
    )
    expect(readFileSync(at('root/proc/sys/net/ipv4/ip_forward'), 'utf8')).toBe('1\n')
  })

  it(
    `starts and writes nothing else, or is refused: ${STUBBED} cases`,
    () => {
      let [refused, printed, ran] = [0, 0, 0]
      for (let seed = FIRST; seed < FIRST + STUBBED; seed += 1) {
        const h = hostile(seed)
        const t = topologyOf(h)
        const script = t === null ? null : scriptOf(t)
        if (script === null) {
          refused += 1
          continue
        }
        printed += 1
        const s = recorded(bin, script)
        if (s.status === 0) ran += 1
        expect(wrong(s), `seed ${seed}: ${h.what}`).toEqual([])
      }
      process.stderr.write(
        `lab scripts of hostile rows: ${refused} refused, ${printed} printed, of which ${ran} ran to their end\n`,
      )
      expect(ran).toBeGreaterThan(STUBBED / 25)
      expect(refused).toBeGreaterThan(STUBBED / 4)
    },
    60_000 + STUBBED * 1_000,
  )

  // Whatever the rows were asked: the shell itself writes nothing outside /proc/sys/net.
  it.each([
    'net/ipv4/conf/../../../../../tmp/owned',
    'net/../../../tmp/owned',
    'net/ipv4/./ip_forward',
    'net//ipv4/ip_forward',
    '../tmp/owned',
    '/tmp/owned',
    'kernel/hostname',
    'net',
    '[net/ipv4/conf/../../../../../tmp/owned]',
  ])('the shell refuses the path %s', (path) => {
    const s = recorded(
      bin,
      labScript(fromSpaces(BASE), about).replace('\nnet/ipv4/ip_forward 1\n', `\n${path} 7\n`),
    )
    expect([s.status, s.said]).toEqual([1, `lab: ${path} is no sysctl of the network\n`])
    expect(wrong(s)).toEqual([])
  })

  it('looks for no tool in the directory one stands in, whatever PATH says', () => {
    trap(at('here'), ['ip', 'id', 'cat', 'mkdir'])
    const s = recorded(`:.:here:${bin}:`, labScript(fromSpaces(BASE), about))
    for (const f of readdirSync(at('here'))) rmSync(join(at('here'), f))
    expect([s.status, wrong(s)]).toEqual([0, []])
  })
})

/** Programs that would tell that they were started. */
function trap(where: string, names: readonly string[]): void {
  for (const name of names) {
    writeFileSync(join(where, name), `#!/bin/sh\ntouch ${MARKER}\n`)
    chmodSync(join(where, name), 0o755)
  }
}

/** A machine where nothing but /run, /tmp and the sysctls of the network can be written: it comes on standard input, is up and down, and what is there then is told. */
const ALONE = `
mount -t tmpfs lab /run; mount -t tmpfs lab /tmp; mkdir /run/netns /run/net; echo 'as it was' > /${OUTSIDE}
mount --bind /proc/sys/net /run/net; mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys; mount --move /run/net /proc/sys/net; rmdir /run/net
while read -r _ _ _ _ place _; do case $place in /run | /run/* | /tmp | /proc*) ;; *) mount -o remount,bind,ro "$place" ;; esac; done < /proc/self/mountinfo
if touch /etc/packet-walk 2> /dev/null || (echo x > /proc/sys/kernel/hostname) 2> /dev/null; then echo 'this machine can be written' >&2; exit 9; fi
cat > /run/lab.sh
outer() { ip -json link; ip -json addr; ip rule; iptables-save | grep -v '^#' || true; cat /proc/sys/net/ipv4/ip_forward; }
before=$(outer); status=0; RUN=/run/lab bash /run/lab.sh up > /run/said 2>&1 < /dev/null || status=$?
echo "@@ $status"; (cd /run; find . -mindepth 1 -not -path './netns/*/*'); echo '@@ said'; cat /run/said; echo '@@ left'
if [ $status = 0 ]; then RUN=/run/lab bash /run/lab.sh down; fi
ls /run/netns; find /tmp -type f -exec grep -H . {} +; if [ "$(outer)" != "$before" ]; then echo 'the outer network is another'; fi`

interface Built {
  readonly status: number
  readonly there: readonly string[]
  readonly said: string
  readonly left: readonly string[]
}
function forReal(script: string): Built {
  const r = spawnSync(
    'unshare',
    ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', 'bash', '-euc', ALONE],
    {
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
      input: script,
      env: { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', PREFIX, NODE_ENV: 'test' },
    },
  )
  if (r.status !== 0)
    throw new Error(`the machine ended with ${r.status ?? r.signal}: ${r.stderr}${r.stdout}`)
  const [, status, there, said, left] = /^@@ (\d+)\n([^]*)@@ said\n([^]*)@@ left\n([^]*)$/.exec(
    r.stdout,
  )!
  const lines = (x: string): string[] => x.split('\n').filter((l) => l !== '')
  return { status: Number(status), there: lines(there!), said: said!, left: lines(left!) }
}

const { cannot, missing } = ability()
/** What this kernel has none of is left out: its tool would refuse every script. */
const able = (t: Topology): Topology =>
  missing.includes('ip_vs')
    ? fromSpaces(
        spaces(t).map((s) => (s.kind === 'vpc' ? s : { ...s, ipvsServices: [], ipvsServers: [] })),
      )
    : t
if (cannot !== null) {
  const skipped = `lab scripts of hostile rows are not run for real: ${cannot}`
  if (process.env['CI'] !== undefined) throw new Error(skipped)
  process.stderr.write(`\nSKIPPED: ${skipped}\n\n`)
}

describe.runIf(cannot === null)('for real, where nothing else can be written', () => {
  it(
    `${REAL} scripts of hostile rows leave all as it was`,
    () => {
      let [built, asked] = [0, 0]
      for (let seed = FIRST; asked < REAL; seed += 1) {
        const h = hostile(seed)
        const t = topologyOf(h)
        const script = t === null ? null : scriptOf(able(t))
        if (script === null) continue
        asked += 1
        const b = forReal(script)
        if (b.status === 0) built += 1
        const other = b.there.filter(
          (f) =>
            !/^\.\/(?:lab\.sh|said|xtables\.lock|mount(?:\/.*)?|netns(?:\/pwh-[\w.-]+)?|lab(?:\/(?:lab\.py|lab\.json|namespaces|pids|[\w.-]+\.log))?)$/.test(
              f,
            ),
        )
        expect(
          [other, b.left, /Read-only file system/.exec(b.said)],
          `seed ${seed}: ${h.what}\n${b.said}`,
        ).toEqual([[], [`/${OUTSIDE}:as it was`], null])
        if (b.status !== 0)
          process.stderr.write(
            `seed ${seed}: ${h.what}: not built: ${b.said.trim().slice(0, 300)}\n`,
          )
      }
      process.stderr.write(
        `for real: ${built} of ${asked} were built and taken away, the others' tools refused and all was taken away\n`,
      )
      expect(built).toBeGreaterThan(asked / 3)
    },
    60_000 + REAL * 10_000,
  )

  it('verify starts nothing that lies where one stands or that the environment names', () => {
    const here = mkdtempSync(join(tmpdir(), 'lab-here-'))
    trap(here, ['unshare', 'uname', 'bash', 'mount', 'ip', 'python3', 'sitecustomize.py', 'env'])
    const r = spawnSync(process.execPath, [COMMAND, 'verify', 'docker-bridge', '--flow', 'ping'], {
      cwd: here,
      encoding: 'utf8',
      env: {
        PATH: `:.:${process.env['PATH']}:`,
        BASH_ENV: join(here, 'env'),
        PYTHONPATH: here,
        NODE_ENV: 'test',
      },
    })
    rmSync(here, { recursive: true })
    expect([r.status, r.stderr, gone(MARKER)]).toEqual([0, '', false])
  }, 120_000)
})
