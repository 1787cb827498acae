import { asks as docker } from '#lib/worlds/docker-bridge/asks.ts'
import type { Asks } from '#lib/worlds/entry.ts'
import type { entry } from './entry.ts'

export const asks = {
  whatIfs: {
    'b-wants-8080':
      'team-b asks for 8080 of node-1 as well: bind() refuses, and its container does not start',
    'b-moves': 'team-b moves to node-2: who calls node-1’s 8081 is refused',
    'second-copy': 'A second copy of team-b starts on node-2',
    'rule-for-b':
      'A DNAT rule written by hand for team-b’s 8080 on node-1: nobody refuses it, and the first rule wins',
    'delete-masquerade': 'Delete Docker’s MASQUERADE rule on node-1',
  },
  leavesOut: [
    ...docker.leavesOut,
    'team-b-2 is a container that was created and not started: a namespace that waits.',
    'The gateway translates nothing, so a host outside calls 192.168.0.100 itself, as inside one company.',
    'Who keeps the registry of numbers, and tells callers, is a person.',
  ],
} as const satisfies Asks<typeof entry>
