/** What a printed walk says around the sentences of its steps: it stands in a terminal only. */

export interface Loss {
  /** `node-1/eth0` */
  readonly at: string
  /** What it died of: a drop's title, or the promise that was broken there. */
  readonly why: string
  /** The drop's code, and what the kernel or AWS calls it. */
  readonly reason: string
  readonly name: string | null
  /** What the sender was told, if it was. */
  readonly icmp: {
    readonly type: number
    readonly code: number
    readonly from: string
    readonly mtu?: number
  } | null
  /** Other promises that are broken, each in words. */
  readonly broken: readonly string[]
}

export const story = {
  moreNetwork: (steps: number): string =>
    `more: --detail network tells of every device, --detail kernel all ${steps} steps`,
  moreKernel: (steps: number): string => `more: --detail kernel tells all ${steps} steps`,
  again: (times: number): string =>
    times === 1 ? '(the same again, once more)' : `(the same again, ${times} times more)`,
  asksInVain: (ip: string): string => `(asks who has ${ip}; nobody answers)`,
  asks: (ip: string, mac: string): string => `(asks who has ${ip} and learns ${mac})`,
  sameWay: (bytes: number): string =>
    bytes === 0 ? 'the same way' : `${bytes} bytes, the same way`,
  sameWayBack: (bytes: number): string =>
    bytes === 0 ? 'the same way back' : `${bytes} bytes, the same way back`,
  packet: (kinds: string, bytes: number, ttl: number): string =>
    `${kinds} ${bytes} bytes, ttl ${ttl}`,
  delivered: 'delivered',
  deliveredBut: (broken: readonly string[]): string =>
    `delivered, but a promise is broken: ${broken.join('; ')}`,
  unanswered: 'not delivered: no answer came',
  unansweredAnd: (broken: readonly string[]): string =>
    `not delivered: no answer came, and a promise is broken: ${broken.join('; ')}`,
  dropped: ({ at, why, reason, name, icmp, broken }: Loss): string =>
    `dropped at ${at}: ${why} (${reason}${name === null ? '' : `, ${name}`})${icmp === null ? '' : `; the sender was told: ICMP ${icmp.type}/${icmp.code} from ${icmp.from}${icmp.mtu === undefined ? '' : `, mtu ${icmp.mtu}`}`}${broken.map((b) => `; ${b}`).join('')}`,
}
