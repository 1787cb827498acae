/** The lessons, in order. */
export interface Chapter {
  readonly slug: string
  readonly title: string
  readonly promise: string
  /** Its text, beside this file: `texts.ts` reads it. */
  readonly file: string
}

/** The language of the lessons' text. */
export const WRITTEN_IN = 'en'

export const CHAPTERS: readonly Chapter[] = [
  {
    slug: 'one-packet',
    title: 'One packet',
    promise:
      'The parts of the picture and their tables: how a packet that knows no way finds it, to a pod of the same node and to another.',
    file: '01-one-packet',
  },
  {
    slug: 'docker',
    title: 'Docker’s way',
    promise:
      'Containers that share an address, the rules that publish them, a program at the side door, and who keeps the list of numbers.',
    file: '02-docker',
  },
  {
    slug: 'kubernetes',
    title: 'What Kubernetes asks',
    promise:
      'Three promises about addresses, how a network breaks them without losing a packet, and who writes which row when a pod starts.',
    file: '03-kubernetes',
  },
  {
    slug: 'flannel',
    title: 'A packet inside a packet',
    promise:
      'Follow one packet from a pod on one node to a pod on another, through flannel, and see what the wrapping costs and hides.',
    file: '04-flannel',
  },
  {
    slug: 'layers',
    title: 'Three layers deep',
    promise:
      'The VPC wraps your packet too: what becomes of an ARP question there, who counts a TTL, and what nobody outside AWS knows.',
    file: '05-layers',
  },
  {
    slug: 'unseen',
    title: 'What AWS cannot see',
    promise:
      'What a flow log and a security group make of a packet inside a packet, and what still works an hour after flanneld has stopped.',
    file: '06-unseen',
  },
  {
    slug: 'vpc-cni',
    title: 'One packet, no disguise',
    promise:
      'The same two pods with addresses the VPC knows: no bridge, no wrapping, and what that changes.',
    file: '07-vpc-cni',
  },
]
