import type { Step, Walk } from '#lib/trace/walk.ts'

/* What the program that sent learns of how it went, as a real one does: an answer, an errno, an ICMP error, nothing. */

/** fib_props: the error of a system call whose packet finds no route. */
const NO_WAY = {
  'no-route': 'ENETUNREACH',
  blackhole: 'EINVAL',
  'unreachable-route': 'EHOSTUNREACH',
  'prohibit-route': 'EACCES',
  'broadcast-refused': 'EACCES',
  'loopback-source': 'EINVAL',
  'foreign-source': 'EINVAL',
} as const

/** NET_XMIT_DROP: a program hears that the other end of a veth takes no frame so long, or that a netfilter of the namespace below its device drops it, unless its packet had to wait for ARP. */
function refused(w: Walk, s: Step): boolean {
  const { drop } = s
  const below = s.in !== w.flow.from
  const such =
    drop?.reason === 'over-mtu-link'
      ? s.stage === 'xmit'
      : below && (drop?.reason === 'netfilter' || drop?.reason === 'netfilter-reject')
  if (!such || s.message !== w.steps[0]?.message) return false
  for (let x: Step | undefined = s; x !== undefined; x = w.steps[x.from])
    if (
      x.stage === 'rx' ||
      x.stage === 'bridge' ||
      (x.decision.kind === 'neigh' && x.decision.lladdr === null)
    )
      return false
  return true
}

/** tcp_reset(), as the program hears of it. */
const REFUSALS = [
  ['connection-refused', 'ECONNREFUSED'],
  ['connection-reset', 'ECONNRESET'],
] as const

/** What the program that sent learns, in the agent's words. */
export function outcomeOf(w: Walk): string {
  if (w.delivered) return 'answer'
  const { loss } = w
  if (loss === null) return 'nothing'
  if (loss.drop.reason === 'message-size') return 'EMSGSIZE'
  if (w.flow.proto !== 'tcp' && w.steps.some((s) => refused(w, s))) return 'ENOBUFS'
  // nf_hook_slow(): a packet of a program's own that a hook drops is an error of its system call; TCP tries again instead.
  if (
    (loss.drop.reason === 'netfilter' || loss.drop.reason === 'netfilter-reject') &&
    loss.in === w.flow.from &&
    w.frames.length === 0 &&
    w.flow.proto !== 'tcp'
  )
    return 'EPERM'
  // tcp_v4_err(): a path MTU is no error of the connection.
  if (
    loss.icmp !== null &&
    !(w.flow.proto === 'tcp' && loss.icmp.type === 3 && loss.icmp.code === 4)
  )
    return `ICMP ${loss.icmp.type}/${loss.icmp.code} from ${loss.icmp.from}`
  if (loss.in === w.flow.from && w.frames.length === 0 && loss.drop.reason in NO_WAY) {
    // TCP tries again when a SYN found no way behind OUTPUT, and tcp_v4_connect() has an errno of its own for a broadcast.
    if (
      w.flow.proto === 'tcp' &&
      w.steps.some((s) => s.drop === loss.drop && s.stage === 'reroute')
    )
      return 'nothing'
    if (w.flow.proto === 'tcp' && loss.drop.reason === 'broadcast-refused') return 'ENETUNREACH'
    return NO_WAY[loss.drop.reason as keyof typeof NO_WAY]
  }
  for (const [what, errno] of REFUSALS)
    if (
      w.steps.some(
        (s) =>
          s.in === w.flow.from &&
          s.decision.kind === 'app' &&
          s.decision.did === 'error' &&
          s.decision.program === undefined &&
          s.decision.what === what,
      )
    )
      return errno
  return 'nothing'
}
