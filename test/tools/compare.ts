import { tableAsTool, tcpdump, type Frame, type Netns } from '#lib/index.ts'
import { CLIENT_PORT, type Table } from './world.ts'

/* Lines of a tool and of ours, made comparable: what may differ, and why, is here and nowhere else. */

/** Where a line of the tool need not be ours, for good. */
export const ALLOWED: Readonly<Record<string, string>> = {
  'a blank at the end': 'iproute2 writes one behind most words, also behind the last',
  'order of a hash table':
    'neighbours, FDB entries and connections come as they lie in the kernel’s hash table',
  'the local table': 'it follows from the addresses; the model writes it out nowhere',
  'comments and counters':
    'iptables-save: version and date, and packets that passed; said in the note',
  'order of tables': 'legacy has the newest first, the reverse of ours; said in the note',
  timeouts: 'connections count down',
  'UDP after two seconds':
    'conntrack calls datagrams [ASSURED] when they have gone on for so long; how long a test takes is no matter of the model',
  'more than a line':
    'ip addr: index, flags, queue, scope, lifetimes; ss: header, queues, process ids; said in the notes',
  'the lab’s programs': 'a lab listens with a program of its own, whose name is another',
  'the lab’s TUN':
    'it is there before flanneld takes it, so it tells of its carrier and is UP; flanneld makes its own, which never does',
  'numbers drawn': 'initial sequence numbers, clocks of timestamps, the port of a VXLAN packet',
  'the receive buffer':
    'window scale and later windows follow net.ipv4.tcp_rmem and the memory of the machine',
}
/** Those that a run may do without: they depend on how fast it is, or on the machine. */
export const SOMETIMES: readonly string[] = [
  'UDP after two seconds',
  'order of a hash table',
  'the receive buffer',
]

export interface Compared {
  readonly theirs: readonly string[]
  readonly ours: readonly string[]
}
/** Hears of each allowance that was needed. */
type Needed = (name: string) => void

/** The line changed, and the allowance used, if there is anything to change. */
function without(needed: Needed, name: string, line: string, pattern: RegExp, by = ''): string {
  const rest = line.replace(pattern, by)
  if (rest !== line) needed(name)
  return rest
}

function unordered(needed: Needed, c: Compared): Compared {
  const [theirs, ours] = [c.theirs.toSorted(), c.ours.toSorted()]
  if (theirs.join('\n') === ours.join('\n') && c.theirs.join('\n') !== c.ours.join('\n'))
    needed('order of a hash table')
  return { theirs, ours }
}

/** One line for each device of `ip addr`, in our words but for the kind, which it does not say. */
function devices(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .split(/^\d+: /m)
    .slice(1)
    .map((block) => {
      const name = /^[^:@]+/.exec(block)![0]
      const words = ['mtu', 'master', 'state'].flatMap(
        (w) => new RegExp(`(?<= )${w} \\S+`).exec(block.split('\n')[0]!)?.[0] ?? [],
      )
      const link = /^ {4}(link\/\S+)(?: ([0-9a-f:]{17}))?/m.exec(block)!
      const addrs = [...block.matchAll(/^ {4}(inet \S+)/gm)].map((m) => m[1])
      return [`${name}:`, ...words, ...link.slice(1).filter((x) => x !== undefined), ...addrs].join(
        ' ',
      )
    })
}

/** `udp  UNCONN  0.0.0.0:8472  0.0.0.0:*`, and whether a program holds it. */
function socket(line: string): string {
  const [proto, state, , , local, peer, program] = line.trim().split(/\s+/)
  return [proto, state, local, peer, ...(program === undefined ? [] : ['program'])].join('  ')
}

/** The answer of one namespace, beside ours. */
export function told(n: Netns, table: Table, answer: readonly string[], needed: Needed): Compared {
  const ours = tableAsTool(n, table).lines.map((l) => l.text)
  const theirs = answer
    .filter((l) => l !== '')
    .map((l) => without(needed, 'a blank at the end', l, / +$/))
  const left = (name: string, out: (line: string) => boolean): string[] =>
    theirs.filter((l) => {
      const gone = out(l)
      if (gone) needed(name)
      return !gone
    })
  switch (table) {
    case 'rules':
    case 'sysctls':
      return { theirs, ours }
    case 'routes':
      return { theirs: left('the local table', (l) => l.includes(' table local ')), ours }
    case 'neigh':
    case 'fdb':
      return unordered(needed, { theirs, ours })
    case 'conntrack': {
      const port = (l: string): string =>
        /^udp .* dport=8472 /.test(l)
          ? without(needed, 'numbers drawn', l, /port=(?!8472 )\d+/g, 'port=N')
          : l
      const still = (l: string): string =>
        port(without(needed, 'timeouts', l, /^(\S+ +\d+) \d+/, '$1 N'))
      return unordered(needed, {
        theirs: theirs.map((l) =>
          without(needed, 'UDP after two seconds', still(l), /^(udp .*) \[ASSURED\]/, '$1'),
        ),
        ours: ours.map(still),
      })
    }
    case 'netfilter': {
      const counted = (l: string): string => l.replace(/^(:.*) \[\d+:\d+\]$/, '$1')
      return {
        theirs: left('comments and counters', (l) => l.startsWith('# ')).map(counted),
        ours: ours.map(counted),
      }
    }
    case 'devs': {
      needed('more than a line')
      const isTun = (l: string): boolean =>
        n.devs.some((d) => d.kind === 'tun' && l.startsWith(`${d.name}:`))
      const held = devices(theirs).map((l) =>
        isTun(l) ? without(needed, 'the lab’s TUN', l, /state UP/, 'state UNKNOWN') : l,
      )
      return { theirs: held, ours: ours.map((l) => l.replace(/^(\S+ mtu \d+) \S+/, '$1')) }
    }
    case 'sockets': {
      const program = (l: string): string =>
        without(needed, 'the lab’s programs', l, /users:.*/, 'program')
      return {
        theirs: left('more than a line', (l) => l.startsWith('Netid'))
          .map(socket)
          .toSorted(),
        ours: ours.map(program).toSorted(),
      }
    }
  }
}

/** iptables-legacy-save, newest table first. */
export function legacy(n: Netns, answer: readonly string[], needed: Needed): Compared {
  const { theirs, ours } = told(n, 'netfilter', answer, needed)
  needed('order of tables')
  return {
    theirs,
    ours: ours
      .join('\n')
      .split(/(?<=^COMMIT)\n/m)
      .toReversed()
      .join('\n')
      .split('\n'),
  }
}

/** Sequence numbers from that of the first SYN on. What is drawn, and what follows the receive buffer, is left out. */
function steady(needed: Needed, lines: readonly string[]): string[] {
  // By side, not by address: on a bridge whose packets pass iptables one direction is translated, the other not yet.
  const first = new Map<boolean, number>()
  const count = (side: boolean, n: string): string =>
    String((Number(n) - (first.get(side) ?? 0)) >>> 0)
  return lines.map((line) => {
    const [, src, flags, seq] = /^IP (\S+) > \S+: Flags \[(\S+)\](?:, seq (\d+))?/.exec(line) ?? []
    if (src === undefined || flags === undefined)
      return without(
        needed,
        'numbers drawn',
        line,
        /^(IP \S+)\.\d+( > \S+: (?:OTV|VXLAN),)/,
        '$1.N$2',
      )
    const client = src.endsWith(`.${CLIENT_PORT}`)
    const syn = flags.startsWith('S')
    if (syn && seq !== undefined) first.set(client, Number(seq))
    needed('numbers drawn')
    const counted = line
      .replace(/(?<=, seq )[\d:]+/, (s) =>
        s
          .split(':')
          .map((n) => count(client, n))
          .join(':'),
      )
      .replace(/(?<=, ack )\d+/, (n) => count(!client, n))
      .replace(
        /TS val \d+ ecr (\d+)/,
        (_, echo: string) => `TS val N ecr ${echo === '0' ? 0 : 'N'}`,
      )
    return without(
      needed,
      'the receive buffer',
      counted,
      syn ? /wscale \d+/ : /, win \d+/,
      syn ? 'wscale N' : ', win N',
    )
  })
}

/** Packets by who sends them, each sender's in order: which of two is first at a device that both pass is a matter of processors. */
function bySender(lines: readonly string[]): string[] {
  const packets: string[] = []
  for (const line of lines)
    if (/: (OTV|VXLAN),/.test(packets.at(-1)?.split('\n').at(-1) ?? ''))
      packets.push(`${packets.pop()!}\n${line}`)
    else packets.push(line)
  const sender = (p: string): string =>
    /(?:tell|Reply|^IP) ([\d.]+)/
      .exec(p.split('\n').at(-1)!)?.[1]
      ?.split('.')
      .slice(0, 4)
      .join('.') ?? ''
  return packets
    .map((p, i) => ({ p, i }))
    .toSorted((a, b) => sender(a.p).localeCompare(sender(b.p)) || a.i - b.i)
    .flatMap(({ p }) => p.split('\n'))
}

/** What tcpdump printed on one device, beside our words of the walks' frames there. */
export function seen(
  frames: readonly Frame[],
  answer: readonly string[],
  needed: Needed,
): Compared {
  const quiet = (): void => {
    /* ours */
  }
  const ours = bySender(
    steady(
      quiet,
      frames.flatMap((f) => tcpdump(f.packet).split('\n')),
    ),
  )
  return {
    theirs: bySender(
      steady(
        needed,
        answer.filter((l) => l !== ''),
      ),
    ),
    ours,
  }
}
