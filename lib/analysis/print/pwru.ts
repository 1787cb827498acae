import { stageInfo, type Stage } from '#lib/trace/stages.ts'

/** What pwru would name here; a datagram that a tunnel takes off is vxlan_rcv, not vxlan_xmit. */
export function pwru(stage: Stage, did: string | null = null): string | null {
  return stage === 'tunnel' && did === 'decapsulate' ? 'vxlan_rcv' : stageInfo(stage).kernel
}
