/** The public surface: everything a page, a command or a lesson may use, by name. `npm run api` writes it down, with signatures, in test/api/report.md. */
import { everyWorld as every } from './worlds/every.ts'
import { listedWorld, loadWorld as load } from './worlds/index.ts'
import type { World } from './worlds/world.ts'

export {
  type Address,
  type Cidr,
  type Mac,
  type Bytes,
  BROADCAST,
  ZERO_MAC,
  type CidrParts,
  isIpv4,
  isCidr,
  isMac,
  toNumber,
  fromNumber,
  maskOf,
  parseCidr,
  inCidr,
  addressOf,
  networkOf,
  broadcastOf,
  overlaps,
  cidr,
  macOf,
  isMulticast,
  isGroup,
} from './wire/addr.ts'
export {
  type Ethernet,
  type Arp,
  type IpHeader,
  type Icmp,
  type Udp,
  type TcpOption,
  type Tcp,
  type Vxlan,
  type Header,
  type HeaderKind,
  type Ip,
  type HeaderOf,
  type Packet,
  FIN,
  SYN,
  RST,
  PSH,
  ACK,
  DATAGRAM_HEADERS,
  PROTO,
  NO_BYTES,
  VXLAN_PORTS,
  FLANNEL_UDP_PORT,
  find,
  ipOf,
  isIp,
  rewriteIp,
  push,
  pop,
  rewrite,
  headerLength,
  size,
  ipLength,
} from './wire/packet.ts'
export { encode, dissect, LAYOUTS } from './wire/codec.ts'
export type { Span } from './wire/codec.ts'
export type {
  LoopbackDev,
  NicDev,
  VethDev,
  BridgeDev,
  VxlanDev,
  TunDev,
} from './topology/devs/rows.ts'
export { peerOf, traits, wireOf } from './topology/devs.ts'
export { KINDS } from './topology/devs/rows.ts'
export type { Dev, DevKind, DevOf, End, Kind, Link, Wire } from './topology/devs.ts'
export type {
  Rule,
  Route,
  Neigh,
  FdbEntry,
  Hook,
  NfTable,
  NfChain,
  Ctstate,
  NfTarget,
  NfMatch,
  NfRule,
  Tuple,
  Conntrack,
  Socket,
  Sysctl,
  Daemon,
  Lease,
  Eni,
  Subnet,
  VpcRoute,
  SgRule,
  AclRule,
  SgFlow,
  Gateway,
  OutsideHost,
} from './topology/rows.ts'
export {
  type LinuxTables,
  type VpcTables,
  type Tables,
  type TableName,
  type Netns,
  type Vpc,
  type Space,
  type Source,
  type Topology,
  type Ref,
  LINUX_TABLES,
  VPC_TABLES,
  tablesOf,
  fromSpaces,
  space,
  netns,
  vpc,
  spaces,
  dev,
  rowAt,
  withTable,
  withSpace,
  emptyNetns,
  emptyVpc,
} from './topology/topology.ts'
export { editFromJson, EditError, editToJson } from './topology/edit.ts'
export type { Cut, Edit, Splice } from './topology/edit.ts'
export { asksNothing } from './lookup/rule.ts'
export { apply, applyAll } from './topology/apply.ts'
export { invert } from './topology/invert.ts'
export { rowProblems } from './topology/fields.ts'
export { rowForm, type FormField, type Shape } from './topology/form.ts'
export { deviceWith } from './topology/owner.ts'
export { provenance } from './topology/by.ts'
export type { By } from './topology/by.ts'
export { command, commands } from './topology/command.ts'
export type { Flow } from './trace/flow.ts'
export type { Draw, Decision } from './trace/decision.ts'
export {
  stageInfo,
  type StageInfo,
  type LinuxStage,
  type VpcStage,
  type Stage,
} from './trace/stages.ts'
export type { SentAs, Saying, Failed, Taker } from './trace/saying.ts'
export type { Drop, DropReason } from './trace/drop.ts'
export { type Message, type Step, type Frame, type Loss, type Walk, keys } from './trace/walk.ts'
export { DROPS, type DropInfo } from './trace/drops.ts'
export { DROP_SOURCES } from './trace/drop-sources.ts'
export { walk } from './walk/walk.ts'
/** What few networks have is loaded, and known to walks from then on: VLANs, ipvlan, tunnels but VXLAN and TUN, dummy devices, IPVS; and edits are held to what Linux refuses. */
export async function loadMore(): Promise<void> {
  const { more } = await import('./link/more.ts')
  more()
}
async function loadKinds(): Promise<void> {
  const { kinds } = await import('./link/kinds.ts')
  kinds()
}
/** The world of that id with its rows, and with what walks through it need; undefined if there is none. */
export async function loadWorld(id: string): Promise<World | undefined> {
  const [world] = await Promise.all([
    load(id),
    listedWorld(id)?.more === true ? loadKinds() : undefined,
  ])
  return world
}
/** Every world, and what any network may have (lib/worlds/every.ts). */
export async function everyWorld(): ReturnType<typeof every> {
  const [all] = await Promise.all([every(), loadMore()])
  return all
}
export { listedWorld, WORLDS, type Listed, type WorldId } from './worlds/index.ts'
export type { World } from './worlds/world.ts'
/** A night without one node's flanneld: tables hour by hour. Loaded when somebody asks. */
export const loadNight = () => import('./worlds/flannel/night.ts')
export type { HourId, TalkId } from './worlds/flannel/night.ts'
export type { Backend } from './worlds/flannel/cni.ts'
/** A conflist that somebody wrote, read, and the nodes that its plugins make. Loaded when somebody asks. */
export const loadConflist = () => import('./worlds/flannel/conflist.ts')
export type { Unread } from './worlds/flannel/conflist.ts'
/** A register of published ports that somebody keeps by hand, as two Docker hosts. Loaded when somebody asks. */
export const loadRegister = () => import('./worlds/docker-ports/register.ts')
export type {
  Event as RegisterEvent,
  Line as RegisterLine,
} from './worlds/docker-ports/register.ts'
export type { Scenario, WhatIf } from './worlds/scenario.ts'
export { validate } from './topology/validate.ts'
export { fromFile, toFile } from './topology/file.ts'
export { clusterOf as clusterWith, ClusterError, type Plugins } from './worlds/cluster/file.ts'
export { resolveFlow } from './worlds/cluster/resolve.ts'
export {
  dropTitle,
  explain,
  explainBroken,
  explainDrop,
  explainNeed,
  explainWhole,
  labelOf,
} from './words/index.ts'
export { part, plural, speak, spokenTag } from './words/language/index.ts'
export { LANGUAGES, type LanguageEntry } from './words/languages.ts'
export { pseudo } from './words/pseudo/pseudo.ts'
export { refsOf } from './analysis/read/refs.ts'
export { connection } from './analysis/read/connection.ts'
export { concerns } from './analysis/read/concerns.ts'
export { rowAsTool, tableAsTool, tablesToEdit, tablesToRead } from './analysis/print/tools.ts'
export { topologyAt } from './analysis/read/at.ts'
export { counts, DETAILS, laterPieces, lost, type Detail } from './analysis/read/detail.ts'
export { until } from './analysis/read/until.ts'
export { held, type Held } from './analysis/read/held.ts'
export { hops, type Hop } from './analysis/read/hops.ts'
export {
  census,
  keepers,
  FATES,
  type Census,
  type Fate,
  type Removal,
} from './analysis/census/census.ts'
export { promises, type Broken, type Promised } from './analysis/read/promises.ts'
export { pwru } from './analysis/print/pwru.ts'
export { capture, tcpdump } from './analysis/print/tcpdump.ts'
export { captureNotes, kernelPcapng, pcapng } from './analysis/print/pcapng.ts'
export { flowLog, recordText, TALKED, type FlowRecord } from './analysis/print/flow-log.ts'
export { toJson } from './analysis/print/json.ts'
export { fieldsOf, type Field } from './analysis/read/fields.ts'
export { ledger, nested, type Ledger } from './analysis/read/ledger.ts'
export { lockstep, packets, phases, type Beat } from './analysis/read/lockstep.ts'
export { fitted, unasked } from './analysis/read/chain.ts'
export { asFiltered, groupMiss } from './analysis/read/group.ts'
export { mtuAt } from './analysis/read/mtu.ts'
export { fact } from './analysis/read/facts.ts'
export { check, type Counterexample, type Verdict } from './goals/check.ts'
export { parseGoals, type GoalsFile } from './goals/file.ts'
export { solved, startOf, type Task } from './goals/task.ts'
export { SHIPPED, shipped, type Goal, type Shipped } from './goals/goal.ts'
export { told as goalTold } from './goals/tell.ts'
export {
  answerOf,
  predict,
  type Option,
  type Predicted,
  type Prediction,
  type Why,
} from './predict/predict.ts'
export { rowOfAct } from './predict/acts.ts'
export { SEEDS } from './wire/renumber.ts'
export { PREDICTED, type Asks, type Outcome } from './predict/asked.ts'
export { outcomeOf } from './predict/outcome.ts'
export type { BeliefId } from './predict/beliefs.ts'
export { badgeText, inRuns, runOf, type Kept, type Summary } from './analysis/kernel/kept.ts'
export { judgeKept, shownIn } from './analysis/kernel/keep.ts'
export { rulesOf } from './analysis/kernel/verify.ts'
export { vpcAssumes } from './analysis/kernel/words.ts'
export { COMMAND_NAMES, help, helpOf } from './cli/usage.ts'
