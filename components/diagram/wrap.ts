import { isIp, stageInfo, type Packet, type Step } from '#lib/index.ts'

/** How a packet is wrapped: the IP headers around its innermost one, and whether AWS carries it, in a format of its own that it does not publish. */
export interface Wrap {
  readonly outer: number
  readonly hidden: boolean
}

/** The IP headers around the innermost one. */
export function outerOf(packet: Packet): number {
  return Math.max(0, packet.headers.filter((h) => isIp(h)).length - 1)
}

/** The wrapping of a packet as it leaves a step. What the VPC answers itself, an ARP question, it carries nowhere. */
export function wrapOf(step: Step): Wrap {
  return {
    outer: outerOf(step.packet),
    hidden: stageInfo(step.stage).layer === 'vpc' && step.stage !== 'vpc-arp',
  }
}
