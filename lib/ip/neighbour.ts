import type { Address } from '#lib/wire/addr.ts'
import { push } from '#lib/wire/packet.ts'
import { resolveOutput } from '#lib/link/neigh.ts'
import { record } from '#lib/run/record.ts'
import type { At, Here } from '#lib/run/run.ts'
import type { Skb } from '#lib/run/skb.ts'

/** ip_finish_output2(): give a bare IP packet its link-layer address and send it. */
export function neighbour(at: At, s: Skb, nexthop: Address): void {
  switch (at.kind.resolve) {
    case 'arp':
      return resolveOutput(at, s, nexthop)
    case 'own': {
      const { mac } = at.dev
      s.packet = push(s.packet, { kind: 'ethernet', dst: mac, src: mac })
      return at.run.ports.xmit(at, s)
    }
    case 'none':
      return at.run.ports.xmit(at, s)
  }
}

/** A loopback that is not there: addresses are still found, and nothing takes what is sent to them. */
export function vanished(out: Here, s: Skb): void {
  record(out, s, {
    stage: 'xmit',
    decision: out.transmitted,
    drop: { reason: 'link-down', dev: out.on! },
  })
}
