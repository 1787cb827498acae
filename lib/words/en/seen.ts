import type { Need } from '#lib/analysis/read/ledger.ts'

/** What is noted beside what tools show of a walk, what it has needed, and whether Linux agrees. */

/** Kernels that say the same of a run. */
const linux = (kernels: readonly string[]): string => `Linux ${kernels.join(' and ')}`
const agrees = (kernels: readonly string[]): string =>
  `${linux(kernels)} ${kernels.length === 1 ? 'agrees' : 'agree'}`
const differs = (kernels: readonly string[]): string =>
  `${linux(kernels)} ${kernels.length === 1 ? 'differs' : 'differ'} from this walk`

export interface Badge {
  readonly agree: readonly string[]
  readonly differ: readonly string[]
  readonly frames: number
  /** Kinds of difference that were allowed. */
  readonly kinds: number
}

export const seen = {
  promiscuous:
    'Without -p tcpdump makes the bridge promiscuous while it looks, and then it shows also what the ports send each other.',
  noClock: 'A walk has no clock: the time of a frame is its number, in microseconds.',
  carriesVxlan: (port: number): string =>
    `UDP port ${port} carries VXLAN: Wireshark decodes it with -d udp.port==${port},vxlan`,
  carriesIp: (port: number): string =>
    `UDP port ${port} carries a bare IPv4 packet (flannel, udp backend): Wireshark decodes it with -d udp.port==${port},ip`,
  segmentTwice:
    'A segment is seen on each device it passes. Wireshark takes the later ones for retransmissions, unless it has -o tcp.analyze_sequence_numbers:FALSE',
  capturedFrom: (kernel: string): string =>
    `Captured from Linux ${kernel}, in the lab that packet-walk lab builds.`,
  withoutTimes:
    'A capture is kept without its times: the time of a frame is its number, in microseconds.',
  offloaded:
    'With checksum offload a capture inside the host shows checksums that are not computed yet.',

  need: (n: Need): string => {
    switch (n.kind) {
      case 'route':
        return `${n.where}: a route`
      case 'lease':
        return `${n.where}: ${n.daemon} running, with its lease`
      case 'neighbour':
        return `${n.where}: the neighbour's MAC`
      case 'fdb':
        return `${n.where}: a forwarding entry on ${n.device}`
      case 'group':
        return `${n.where}: the security group, ${n.direction}`
      case 'check':
        return `${n.where}: the source/destination check`
      case 'mapping':
        return 'vpc: the address on an ENI'
      case 'rule':
        return `${n.where}: netfilter ${n.table} ${n.hook}`
    }
  },

  linuxDiffers: ({ agree, differ }: Badge): string =>
    agree.length === 0 ? differs(differ) : `${differs(differ)}; ${agrees(agree)}`,
  linuxAgrees: ({ agree, differ, frames, kinds }: Badge): string =>
    `${agrees(agree)}: ${frames === 0 ? 'no frames' : frames === 1 ? '1 frame' : `${frames} frames`}, ${kinds === 0 ? 'no difference' : kinds === 1 ? '1 kind of difference' : `${kinds} kinds of difference`} allowed${differ.length === 0 ? '' : `; ${differs(differ)}`}`,
}
