import type { Decision, Step, Topology } from '#lib/index.ts'
import { hooked } from './chain.ts'
import { acl, group, interfaceOf, ownAddresses } from './cloud.ts'
import { connected, forwarding, heard, here, inTurn, neighbour, setting } from './exact.ts'
import { back, leased, routed, vpcRouted } from './prefixes.ts'
import { ruled } from './rules.ts'
import type { Asked, Decided } from './table.ts'

type Tell = {
  readonly [K in Decision['kind']]?: (asked: Asked<K>) => readonly (Decided | null)[]
}

const TELL: Tell = {
  route: (a) => (a.d.local ? [here(a)] : [ruled(a), routed(a)]),
  'source-check': (a) => [back(a)],
  lease: (a) => [leased(a)],
  'vpc-route': (a) => [vpcRouted(a)],
  neigh: (a) => [neighbour(a)],
  fdb: (a) => [forwarding(a)],
  socket: (a) => [heard(a)],
  conntrack: (a) => [connected(a)],
  ipvs: (a) => [inTurn(a)],
  sysctl: (a) => [setting(a)],
  hook: (a) => [hooked(a)],
  'security-group': (a) => [group(a)],
  'network-acl': (a) => [acl(a)],
  'source-dest-check': (a) => [ownAddresses(a)],
  'vpc-mapping': (a) => [interfaceOf(a)],
}

/** The tables that were asked at a step, in the order they were; none where no table decides. Which row decided is what the engine says. */
export function decided(step: Step, topology: Topology): readonly Decided[] {
  const tell = TELL[step.decision.kind] as
    | ((a: { d: Decision; step: Step; topology: Topology }) => readonly (Decided | null)[])
    | undefined
  return (tell?.({ d: step.decision, step, topology }) ?? []).filter((x) => x !== null)
}
