import { COMMON, lowerMtu } from '#lib/worlds/titles.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'delete-dnat':
      'Delete the DNAT rule of the published port on node-2: docker-proxy is still there',
    'delete-masquerade': 'Delete Docker’s MASQUERADE rule on node-1',
    'delete-accept': 'Delete the rule that lets the published port through FORWARD on node-2',
    'drop-route':
      'Delete the route to the containers on node-2: the default route leads out, FORWARD does not let it',
    'bridge-down': 'Set docker0 down on node-1',
    'deny-security-group': 'The security group lets nobody in',
    'lower-mtu': lowerMtu('eth0'),
    'br-netfilter-off': 'Turn off br_netfilter on both nodes',
    'stop-docker-proxy': 'Stop docker-proxy on node-1',
    'userland-proxy-off': 'userland-proxy: false on node-1: rules take docker-proxy’s place',
    'icc-off': 'icc: false on node-1: containers of docker0 no longer speak to each other',
    'docker-user': 'A rule in DOCKER-USER on node-1 lets nobody in by eth0',
    ...COMMON,
  },
  leavesOut: [
    'docker-proxy relays as it does up to the order in which its two connections speak, which nobody promises; its sockets for IPv6 are left out.',
    'Containers have the addresses’ own MACs, as up to Docker 27; from 28 on they are random.',
    'The id of a network is random, and names its bridge; here it follows from the network’s name. Docker’s own DNS, which answers in networks that somebody created, is left out.',
  ],
} as const satisfies Asks<typeof entry>
