import { fromNumber, isMulticast } from '#lib/wire/addr.ts'
import { ipOf, type Icmp, type Packet } from '#lib/wire/packet.ts'
import { broadcastAddress, localAddress } from '#lib/lookup/local.ts'
import { askFor, resolves } from '#lib/link/neigh.ts'
import { NO_WRITES, record } from '#lib/run/record.ts'
import type { At } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'
import { learnGateway, throughGateway } from '#lib/run/exceptions.ts'

/** A redirect that came, and what it is about; `follows`: who sent that may be told. */
export interface Redirected {
  readonly icmp: Icmp
  readonly quoted: Packet
  readonly follows: boolean
}

/** __ip_do_redirect(): from the gateway in use, about another one. If that is a known neighbour it is taken from now on, else only asked for. */
export function redirected(at: At, s: Skb, { icmp, quoted, follows }: Redirected): void {
  const { run, l, dev } = at
  const [from, about, gateway] = [ipOf(s.packet)!.src, ipOf(quoted), fromNumber(icmp.rest)]
  const r =
    about === undefined
      ? null
      : throughGateway(l, run.asks.route(l.n, about.dst, { src: about.src }), about.dst)
  const wrong =
    gateway === from ||
    isMulticast(gateway) ||
    broadcastAddress(l.n, gateway) ||
    localAddress(l.n, gateway) !== null
  const heeds =
    about !== undefined &&
    r?.type === 'unicast' &&
    r.via === from &&
    r.dev === dev.name &&
    !wrong &&
    (about.proto === 1 || follows)
  const known = heeds && resolves(at, gateway)
  record(at, s, {
    stage: 'icmp',
    decision: {
      kind: 'icmp',
      type: icmp.type,
      code: icmp.code,
      did: heeds ? 'receive' : 'ignore',
    },
    writes: known ? learnGateway(l, about.dst, gateway) : NO_WRITES,
  })
  if (heeds && !known) askFor(at, s, gateway)
}
