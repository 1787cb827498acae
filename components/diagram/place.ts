import { space, stageInfo, type Step, type Topology } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import type { Box, Scene } from './layout/index.ts'
import { wrapOf } from './wrap.ts'

/** Where a step happens, in words. What the IP layer asks of a packet is asked by no device, though it came in by one. */
export function whereOf(step: Step): string {
  return step.dev === null
    ? ''
    : stageInfo(step.stage).layer === 'routing'
      ? figure().routing(step.dev)
      : ` / ${step.dev}`
}

/** The box a step happens in; null if it is not drawn. */
export function placeOf(scene: Scene, step: Step): Box | null {
  const by = (id: string): Box | undefined => scene.boxes.find((b) => b.id === id)
  const { layer } = stageInfo(step.stage)
  if (layer === 'program' && step.dev !== null)
    return (
      by(`${step.in}/${step.dev} program`) ?? by(`${step.in}/${step.dev}`) ?? by(step.in) ?? null
    )
  if (layer === 'program') return by(`${step.in} program`) ?? by(step.in) ?? null
  // Where a VPC routes and maps is one place, and no gate; only what a peered VPC is asked is asked where it begins.
  if (step.decision.kind === 'vpc-mapping' || step.decision.kind === 'vpc-route') {
    const gate = step.dev === null ? undefined : by(step.dev)
    return (gate?.kind === 'gateway' ? gate : by(step.in)) ?? null
  }
  // What is asked before routing of a frame that comes in by a bridge is asked at the bridge (br_netfilter), and so it is of one that is only switched.
  if (
    step.dev !== null &&
    (layer === 'prerouting' ||
      (step.stage === 'reassemble' && step.packet.headers[0]?.kind === 'ethernet') ||
      (step.decision.kind === 'hook' && step.decision.bridged === true))
  ) {
    const port = `${step.in}/${step.dev}`
    const bridge = scene.boxes.find(
      (b) =>
        b.kind === 'bridge' &&
        (b.id === port ||
          (step.decision.kind === 'hook' &&
            step.decision.bridged === true &&
            scene.wires.some(([from, to]) => from === port && to === b.id))),
    )
    if (bridge !== undefined) return bridge
  }
  // The kernel's questions about a packet are asked by the IP layer, not by the device it came in on.
  const ip = layer === 'prerouting' || layer === 'routing' || layer === 'ip'
  if (!ip && step.dev !== null) {
    const exact = by(`${step.in}/${step.dev}`) ?? by(step.dev)
    if (exact !== undefined) return exact
  }
  // What is wrapped is asked about at a place of its own.
  const outer = wrapOf(step).outer > 0 ? by(`${step.in} outer`) : undefined
  return outer ?? by(step.in) ?? (step.dev === null ? null : (by(step.dev) ?? null))
}

/** The name of the namespace, or of the VPC, that a box stands in; null for a box that stands for several. */
export function spaceOf(topology: Topology, box: Box): string | null {
  return box.space === null || space(topology, box.space) === undefined ? null : box.space
}
