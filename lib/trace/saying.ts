import type { Address, Mac } from '#lib/wire/addr.ts'

/** What a program sends. */
export type SentAs =
  | 'echo-request'
  | 'datagram'
  | 'answer'
  | 'syn'
  | 'syn-ack'
  | 'ack'
  | 'request'
  | 'response'
  | 'fin'
  | 'last-ack'
  | 'rst'
/** What a packet says, as a code: of ARP and of ICMP errors also what about (`icmp` is type/code, `by` the program that wrote it where it was no kernel). Words are made of it by lib/words. */
export type Saying =
  | SentAs
  | 'echo-reply'
  | { readonly arp: 'who-has'; readonly ip: Address }
  | { readonly arp: 'is-at'; readonly ip: Address; readonly mac: Mac }
  | { readonly icmp: `${number}/${number}`; readonly by?: string }
/** How a program's call ends when it fails; 'reset' is what a kernel answers where nobody is. */
export type Failed = 'reset' | 'connection-refused' | 'broken-pipe' | 'connection-reset'
/** Who takes a segment: the flow's own client or server, or a program that relays. */
export type Taker = 'client' | 'server' | { readonly program: string }
