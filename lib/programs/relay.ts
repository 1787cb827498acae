import type { SentAs } from '#lib/trace/saying.ts'
import type { Address } from '#lib/wire/addr.ts'
import { pickPort } from '#lib/wire/hash.ts'
import { DATAGRAM_HEADERS, find, ipOf, PROTO, wholeIp } from '#lib/wire/packet.ts'
import { defaultTtl, LOCAL_PORTS, pathMtuDiscovery } from '#lib/lookup/sysctl.ts'
import { pathMtu } from '#lib/run/exceptions.ts'
import { chosenSource } from '#lib/ip/output.ts'
import { asProcess, wake } from '#lib/run/clock.ts'
import { nextId } from '#lib/run/live.ts'
import { message, record } from '#lib/run/record.ts'
import type { Here } from '#lib/run/run.ts'
import { skb, type Skb } from '#lib/run/skb.ts'
import {
  endKey,
  newEnd,
  programsOf,
  type Conn,
  type Ends,
  type Program,
  type Target,
} from './ends.ts'
import { noWay } from './no-way.ts'
import { connect, reset, shut, write } from './tcp.ts'

/* What docker-proxy does with a connection (cmd/docker-proxy/tcp_proxy_linux.go): it makes one of its own, and copies each to the other until both have ended. */

type Caller = { readonly peer: Address; readonly peerPort: number }

/** The port from which it calls, for whom. */
function ownPort({ peer, peerPort }: Caller, to: Target): number {
  return pickPort(`${peer}|${peerPort}|${to.ip}|${to.port}`, ...LOCAL_PORTS)
}

/** One of the two connections, and the other. */
export class Side implements Program {
  c!: Conn
  other: Side | null = null
  gone = false
  readonly name: string
  private readonly to: Target | undefined
  /** How much of what came was handed on; something is about to be; the peer has ended, and the other was told. */
  private handed = 0
  private due = false
  private over = false
  private told = false

  /** `to`: whom the side that was called calls in turn. */
  constructor(name: string, to?: Target) {
    this.name = name
    this.to = to
  }

  opened(c: Conn): void {
    this.c = c
    const { to } = this
    if (to !== undefined) {
      programsOf(c.here.run).relays += 1
      return wake(c.here.run, 'program', () => this.dial(to))
    }
    this.copy()
    this.other!.copy()
  }

  data(c: Conn): void {
    this.c = c
    this.copy()
  }
  ended(c: Conn): void {
    this.c = c
    this.over = true
    this.copy()
  }

  /** The caller is let go: with a reset where something of his is unread. */
  failed(): void {
    const front = this.other!
    wake(front.c.here.run, 'program', () => front.close())
  }

  private close(): void {
    this.gone = true
    if (this.c.end.got > 0) reset(this.c)
    else shut(this.c)
  }

  /** net.DialTCP() */
  private dial(to: Target): void {
    const { here, ends } = this.c
    const back = new Side(this.name)
    back.other = this
    const own = chosenSource(here, to.ip, { proto: PROTO.tcp, sport: 0, dport: to.port })
    if (own.src === null) {
      noWay(here, {
        says: 'syn',
        dst: to.ip,
        ttl: defaultTtl(here.l.n),
        proto: PROTO.tcp,
        drop: own.drop,
        cause: this.c.message,
        step: this.c.step,
      })
      return this.close()
    }
    this.other = back
    const { src: ip } = own
    const port = ownPort(ends, to)
    asProcess(here.run, () =>
      connect(here, { ip, port, peer: to.ip, peerPort: to.port }, { program: back, by: this.c }),
    )
  }

  /** io.Copy(), and CloseWrite() behind it. */
  private copy(): void {
    const { other } = this
    const { here, end } = this.c
    const { run } = here
    // Nobody reads from the caller before the other connection stands.
    if (
      other === null ||
      this.gone ||
      other.gone ||
      other.c.end.state === 'syn-sent' ||
      end.state === 'syn-sent'
    )
      return
    const by = { message: this.c.message, step: this.c.step }
    if (end.got > this.handed && !this.due) {
      this.due = true
      wake(run, 'program', () => {
        const bytes = this.c.end.got - this.handed
        this.handed += bytes
        this.due = false
        write({ ...other.c, ...by }, bytes)
      })
    }
    if (!this.over || this.told) return
    this.told = true
    wake(run, 'program', () => {
      if (other.c.end.state !== 'closed') shut({ ...other.c, ...by })
    })
  }
}

/** UDPProxy.Run(): a datagram goes on from a socket of its own, which is connected, and what that hears goes back from the address that was asked (IP_PKTINFO). */
export function relayDatagram(
  here: Here,
  s: Skb,
  { program, to }: { readonly program: string; readonly to: Target },
): void {
  const { run } = here
  const ip = ipOf(s.packet)!
  const udp = find(s.packet, 'udp')!
  wake(run, 'program', () => {
    const own = chosenSource(here, to.ip, { proto: PROTO.udp, sport: 0, dport: to.port })
    if (own.src === null)
      return noWay(here, {
        says: 'datagram',
        dst: to.ip,
        ttl: defaultTtl(here.l.n),
        proto: PROTO.udp,
        drop: own.drop,
        cause: s.message,
        step: s.step,
      })
    const back: Ends = {
      ip: own.src,
      port: ownPort({ peer: ip.src, peerPort: udp.sport }, to),
      peer: to.ip,
      peerPort: to.port,
    }
    const answers: Ends = { ip: ip.dst, port: udp.dport, peer: ip.src, peerPort: udp.sport }
    const heard = (a: Skb): void =>
      wake(run, 'program', () =>
        passOn(here, a, { program, says: 'answer', leg: 'back', e: answers }),
      )
    programsOf(run).ends.set(endKey(here.in, 'udp', back), newEnd('client', heard))
    passOn(here, s, { program, says: 'datagram', leg: 'forward', e: back })
  })
}

interface PassedOn {
  readonly program: string
  readonly says: SentAs
  readonly leg: Conn['leg']
  readonly e: Ends
}

/** What a datagram brought, sent on. */
function passOn(here: Here, s: Skb, { program, says, leg, e }: PassedOn): void {
  const { run, l } = here
  const { payload } = s.packet
  const room = pathMtu(here, { src: e.ip, dst: e.peer })
  const df = pathMtuDiscovery(l.n) === 0 && DATAGRAM_HEADERS + payload.length <= room
  const r = skb(
    {
      headers: [
        wholeIp({
          src: e.ip,
          dst: e.peer,
          ttl: defaultTtl(l.n),
          id: nextId(l),
          df,
          tos: 0,
          proto: PROTO.udp,
        }),
        { kind: 'udp', sport: e.port, dport: e.peerPort },
      ],
      payload,
    },
    message(run, { kind: 'flow', leg, says, cause: s.message }),
    s.step,
  )
  record(l.here, r, { stage: 'app', decision: { kind: 'app', did: 'send', what: says, program } })
  asProcess(run, () => {
    run.ports.localOut(l.here, r)
  })
}
