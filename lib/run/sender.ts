import type { Icmp } from '#lib/wire/packet.ts'
import type { Skb } from './skb.ts'

/** Who sent, from here, the packet that an ICMP error quotes (what the protocol's err_handler finds). */
export interface Sender {
  readonly tcp: boolean
  /** It follows a redirect: its socket is not held by connect(). */
  readonly follows: boolean
  /** It hears of the error; `mtu`: what a 3/4 says. */
  tell(s: Skb, error: { readonly icmp: Icmp; readonly mtu: number | null }): void
}
