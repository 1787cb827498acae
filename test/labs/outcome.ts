import { DROPS } from '#lib/trace/drops.ts'
import type { Walk } from '#lib/trace/walk.ts'
import { netns, type Topology } from '#lib/topology/topology.ts'
import type { Fixed } from '#lib/analysis/kernel/allowances.ts'

/** What a program learned: its answer came, an ICMP error told it something, its kernel refused to send, or nothing. */
export type Outcome =
  | 'answer'
  | 'refused by its own kernel'
  | 'reset'
  | 'unreachable'
  | 'nothing'
  | `ICMP ${number}/${number} from ${string}`

/** From a walk. */
export function saw(w: Walk): Outcome {
  if (w.delivered) return w.flow.proto === 'udp' && w.flow.answer === 0 ? 'nothing' : 'answer'
  if (w.loss?.drop.reason === 'message-size') return 'refused by its own kernel'
  if (w.loss?.drop.reason === 'no-socket' && w.flow.proto === 'tcp') return 'reset'
  const icmp = w.loss?.icmp ?? null
  // connect() has one errno for 3/1 and 11/0 (icmp_err_convert).
  if (w.flow.proto === 'tcp' && icmp !== null && (icmp.type === 11 || icmp.code === 1))
    return 'unreachable'
  return icmp === null ? 'nothing' : `ICMP ${icmp.type}/${icmp.code} from ${icmp.from}`
}

/** From the recording's words. */
export function seen(result: string): Outcome {
  const icmp = /ICMP (\d+)\/(\d+) \S+(?: mtu \d+)? from ([\d.]+)/.exec(result)
  if (icmp !== null && icmp[1] !== '0')
    return `ICMP ${Number(icmp[1])}/${Number(icmp[2])} from ${icmp[3]!}`
  if (icmp !== null || /^(ok:|reply )/.test(result)) return 'answer'
  if (result === 'local error EMSGSIZE') return 'refused by its own kernel'
  if (result === 'failed: EHOSTUNREACH') return 'unreachable'
  if (result === 'failed: ECONNREFUSED') return 'reset'
  return 'nothing'
}

/** The kernel's names for what walks lost, each once, sorted. A packet that never was made (no route for one's own) is no drop to the kernel. */
export function dropped(walks: readonly Walk[]): string[] {
  const names = walks.flatMap((w) =>
    w.steps.flatMap((s) =>
      s.drop === null || s.stage === 'route-out' ? [] : [DROPS[s.drop.reason].kernel],
    ),
  )
  return [...new Set(names.filter((x) => x !== null))].toSorted()
}

/** Rows of conntrack as lines that compare: ports and ids that the kernel chose are stars. */
export function connections(t: Topology, ns: string, fixed: Fixed): string[] {
  const star = (n: number, known: readonly number[]): string =>
    known.includes(n) ? String(n) : '*'
  return (netns(t, ns)?.conntrack ?? [])
    .filter((c) => c.gone !== true)
    .map((c) => {
      const end = (x: typeof c.original): string =>
        c.proto === 'icmp'
          ? `src=${x.src} dst=${x.dst} id=${star(x.sport, fixed.icmp_ids)}`
          : `src=${x.src} dst=${x.dst} sport=${star(x.sport, fixed.ports)} dport=${star(x.dport, fixed.ports)}`
      return `${c.proto}${c.state === undefined ? '' : ` ${c.state}`} ${end(c.original)}${c.replied ? '' : ' [UNREPLIED]'} ${end(c.reply)}`
    })
    .toSorted()
}

/** The recording's lines in the same form; what is not TCP, UDP or ICMP is chatter of bridges. */
export function theirConnections(lines: readonly string[], fixed: Fixed): string[] {
  return lines
    .filter((l) => /^ipv4 2 (tcp|udp|icmp) /.test(l))
    .map((l) =>
      l
        .replace(/^ipv4 2 (\w+) \d+/, '$1')
        .replace(/ \[ASSURED\]/, '')
        .replace(/ type=\d+ code=\d+/g, '')
        .replace(
          /\b(sport|dport)=(\d+)/g,
          (_, k: string, n: string) => `${k}=${fixed.ports.includes(Number(n)) ? n : '*'}`,
        )
        .replace(
          /\bid=(\d+)/g,
          (_, n: string) => `id=${fixed.icmp_ids.includes(Number(n)) ? n : '*'}`,
        ),
    )
    .toSorted()
}
