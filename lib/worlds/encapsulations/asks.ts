import { asks as lan } from '#lib/worlds/lan/asks.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    udp: 'By flannel’s udp backend: a program puts packets into UDP',
    ipip: 'By IP in IP, as flannel’s ipip backend has it: one IPv4 header more',
    gre: 'By GRE: an IPv4 header and four bytes',
    nvgre: 'By NVGRE: whole frames in GRE, its key the virtual subnet and a flow',
    vxlan: 'By VXLAN, as flannel’s vxlan backend has it: whole frames in UDP',
    geneve: 'By Geneve: whole frames in UDP, with room for options',
    'gateway-forgets':
      'The gateway forgets where pods are: without encapsulation nobody else knows',
    'only-known-protocols': 'The gateway lets TCP, UDP and ICMP pass, and nothing else',
    'narrow-way': 'The gateway’s way to node-2 bears 1400 bytes',
    'ipip-unknown': 'By IP in IP, past a gateway that lets only TCP, UDP and ICMP pass',
    'ipip-narrow': 'By IP in IP, and the gateway’s way to node-2 bears 1400 bytes',
    'gre-narrow': 'By GRE, and the gateway’s way to node-2 bears 1400 bytes',
    'vxlan-narrow': 'By VXLAN, and the gateway’s way to node-2 bears 1400 bytes',
  },
  leavesOut: [
    'Two networks are on one switch, and the gateway is the only way between them.',
    ...lan.leavesOut,
    'WireGuard is not here: by its documentation it adds 60 bytes to an IPv4 packet (20 + 8 + 32), and leaves 1440 of 1500 to the pods; wg-quick takes 80, which is right for IPv6 as well.',
    'Geneve has no options here, and nobody’s FlowID of NVGRE changes.',
  ],
} as const satisfies Asks<typeof entry>
