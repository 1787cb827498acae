import { space, type Step, type Topology } from '#lib/index.ts'
import type { Band, BandKind, Box, BoxKind, Scene } from './layout.ts'

const AT_BRIDGE: ReadonlySet<Step['stage']> = new Set(['raw', 'conntrack', 'mangle', 'nat'])

/** Where a step happens, in words. What the IP layer asks of a packet is asked by no device, though it came in by one. */
export function whereOf(step: Step): string {
  return step.dev === null ? '' : ['route', 'route-out', 'reroute'].includes(step.stage) ? ` / routing (${step.dev})` : ` / ${step.dev}`
}

/** The box a step happens in; null if it is not drawn. */
export function placeOf(scene: Scene, step: Step): Box | null {
  const by = (id: string): Box | undefined => scene.boxes.find((b) => b.id === id)
  if (step.stage === 'daemon' && step.dev !== null) return by(`${step.in}/${step.dev} program`) ?? by(`${step.in}/${step.dev}`) ?? by(step.in) ?? null
  if (step.decision.kind === 'vpc-mapping' && step.dev !== null) return by(`${step.dev.replace(/^eni-/, '').replace(/-eth\d$/, '')} host`) ?? by(step.dev) ?? null
  // What is asked before routing of a frame that comes in by a bridge is asked at the bridge (br_netfilter), and so it is of one that is only switched.
  if (step.dev !== null && (AT_BRIDGE.has(step.stage) || (step.decision.kind === 'hook' && step.decision.bridged === true))) {
    const port = `${step.in}/${step.dev}`
    const bridge = scene.boxes.find((b) => b.kind === 'bridge' && (b.id === port || (step.decision.kind === 'hook' && step.decision.bridged === true && scene.wires.some(([from, to]) => from === port && to === b.id))))
    if (bridge !== undefined) return bridge
  }
  // The kernel's questions about a packet are asked by the IP layer, not by the device it came in on.
  const ip = ['route', 'route-out', 'reroute', 'ttl', 'mtu', 'forward', 'nat', 'mangle', 'raw', 'conntrack', 'input', 'output', 'postrouting', 'fragment', 'source-check', 'ip-forward', 'socket', 'icmp', 'reassemble'].includes(step.stage)
  if (!ip && step.dev !== null) {
    const exact = by(`${step.in}/${step.dev}`) ?? by(step.dev)
    if (exact !== undefined) return exact
  }
  return by(step.in) ?? (step.dev === null ? null : by(step.dev) ?? null)
}

const BAND: Readonly<Record<BoxKind, BandKind>> = { pod: 'pod', more: 'pod', veth: 'pod', bridge: 'pod', routing: 'node', tunnel: 'node', daemon: 'node', nic: 'node', outside: 'node', eni: 'vpc', gateway: 'vpc', host: 'physical' }
/** How deep a box is: the number of its band from the top. Where pods and nodes are one network, that is the first. */
export function depthOf(scene: Scene, box: Box): number {
  return Math.max(0, scene.bands.findIndex((b) => b.kind === BAND[box.kind]))
}

/** The band a box belongs to. */
export function bandOf(scene: Scene, box: Box): Band | undefined {
  return scene.bands[depthOf(scene, box)]
}

/** The name of the namespace, or of the VPC, that a box stands in; null for a box that stands for several. */
export function spaceOf(topology: Topology, box: Box): string | null {
  const name = box.id.split('/')[0] ?? ''
  if (space(topology, name) !== undefined) return name
  return box.kind === 'eni' || box.kind === 'host' || box.kind === 'gateway' ? topology.source.names.find((n) => space(topology, n)?.kind === 'vpc') ?? null : null
}
