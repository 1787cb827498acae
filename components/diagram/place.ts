import type { Step } from '#lib/index.ts'
import type { Box, Scene } from './layout.ts'

/** The box a step happens in; null if it is not drawn. */
export function placeOf(scene: Scene, step: Step): Box | null {
  const by = (id: string): Box | undefined => scene.boxes.find((b) => b.id === id)
  if (step.stage === 'daemon' && step.dev !== null) return by(`${step.in}/${step.dev} program`) ?? by(`${step.in}/${step.dev}`) ?? by(step.in) ?? null
  if (step.decision.kind === 'vpc-mapping' && step.dev !== null) return by(`${step.dev.replace(/^eni-/, '').replace(/-eth\d$/, '')} host`) ?? by(step.dev) ?? null
  // The kernel's questions about a packet are asked by the IP layer, not by the device it came in on.
  const ip = ['route', 'route-out', 'reroute', 'ttl', 'mtu', 'forward', 'nat', 'mangle', 'raw', 'conntrack', 'input', 'output', 'postrouting', 'fragment', 'source-check', 'ip-forward', 'socket', 'icmp', 'reassemble'].includes(step.stage)
  if (!ip && step.dev !== null) {
    const exact = by(`${step.in}/${step.dev}`) ?? by(step.dev)
    if (exact !== undefined) return exact
  }
  return by(step.in) ?? (step.dev === null ? null : by(step.dev) ?? null)
}
