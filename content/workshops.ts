/** A part of a workshop: scenes that there are, by `chapter#scene`; where one is missing, the part is left out. */
export interface WorkshopPart {
  readonly minutes: number
  readonly scenes: readonly string[]
  readonly does: string
}
export interface Workshop {
  readonly id: string
  readonly title: string
  readonly parts: readonly WorkshopPart[]
}

/** Ways through the course with a group. */
export const WORKSHOPS: readonly Workshop[] = [
  {
    id: 'two-trips',
    title: 'Two trips',
    parts: [
      {
        minutes: 5,
        scenes: ['vpc-cni#one-button'],
        does: 'Start at home: send the packet through both networks, and let everybody write down four guesses first: bytes, lookups, programs, what AWS sees.',
      },
      {
        minutes: 5,
        scenes: ['one-packet#longest'],
        does: 'Four rows, and one wins. Vote for a row before the bars are read.',
      },
      {
        minutes: 12,
        scenes: ['flannel#nobody', 'flannel#route', 'flannel#program', 'flannel#envelope'],
        does: 'Why the network below drops a bare packet, and how a program wraps it. One half of the room is flanneld and says which lease it takes.',
      },
      {
        minutes: 8,
        scenes: ['unseen#line', 'unseen#group'],
        does: 'Write the line of the flow log before it is shown. Then be the gate, with five packets that read alike.',
      },
      {
        minutes: 10,
        scenes: ['vpc-cni#alone', 'vpc-cni#permanent', 'vpc-cni#rules', 'vpc-cni#table-2'],
        does: 'The other way: no bridge, no wrapping. The room is the node, and answers which table, then which row.',
      },
      {
        minutes: 5,
        scenes: ['vpc-cni#one-button', 'unseen#kernel-keeps'],
        does: 'Look at both pictures again, and say what has moved: from which program’s duty to whose.',
      },
    ],
  },
  {
    id: 'half-day',
    title: 'Half a day',
    parts: [
      {
        minutes: 15,
        scenes: ['one-packet#parts', 'one-packet#reply'],
        does: 'Chapter 1 as a blank walk, alone. Whoever can fill it in helps a neighbour.',
      },
      {
        minutes: 25,
        scenes: ['docker#twice', 'docker#rules', 'docker#publish', 'docker#side-door'],
        does: 'Teams of three publish containers on the same two machines. One of each three is the register of port numbers, and counts what a move costs.',
      },
      {
        minutes: 25,
        scenes: ['kubernetes#promises', 'kubernetes#lamps', 'kubernetes#mend'],
        does: 'Break two of the three promises with one row, find the row, and mend it.',
      },
      {
        minutes: 45,
        scenes: ['flannel#nobody', 'flannel#envelope', 'flannel#three-rows', 'flannel#no-envelope'],
        does: 'Three ways through a network that does not know pods. In the sandbox each pair then adds a node, and has its pods reach the others.',
      },
      { minutes: 15, scenes: [], does: 'Break.' },
      {
        minutes: 25,
        scenes: ['unseen#group', 'unseen#stop', 'unseen#kernel-keeps'],
        does: 'What a gate under an overlay cannot forbid; then stop flanneld, with a vote on what still works in an hour.',
      },
      {
        minutes: 40,
        scenes: ['vpc-cni#table-2', 'vpc-cni#snat', 'vpc-cni#node-port', 'vpc-cni#goals'],
        does: 'The VPC CNI row by row, to its list of goals. Each pair makes one goal fail and lets the next pair find the row.',
      },
      {
        minutes: 20,
        scenes: ['flannel#entry', 'flannel#other-entry', 'flannel#mtu', 'vpc-cni#comb'],
        does: 'Four broken networks. Pairs say who is told before they look, and count how often they had to look.',
      },
    ],
  },
]
