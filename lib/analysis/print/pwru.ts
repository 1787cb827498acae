import { functionsOf, type DevKind } from '#lib/topology/devs.ts'
import { stageInfo, type Stage } from '#lib/trace/stages.ts'

/** What pwru would name here; in a tunnel that is a function of the device's kind, one for what it wraps and one for what it takes out. */
export function pwru(
  stage: Stage,
  did: string | null = null,
  kind: DevKind = 'vxlan',
): string | null {
  const functions = stage === 'tunnel' ? functionsOf(kind) : undefined
  if (functions === undefined) return stageInfo(stage).kernel
  return did === 'decapsulate' ? functions.receive : functions.send
}
