import { noKind } from '#lib/topology/devs/check.ts'
import * as v from 'valibot'
import { isGroup, ZERO_MAC } from '#lib/wire/addr.ts'
import { BRIDGE_PORTS, ROWS_OF_TABLE } from '../../bounds.ts'
import type { Check, Here, SayRow } from '../../check.ts'
import { isEther, peerOf, traits, wireOf, type Dev, type DevKind } from '../../devs.ts'
import type { KindCheck, SayOf } from '../../devs/check.ts'
import { KIND_CHECKS } from '../../devs/checks.ts'
import { halves, list, object } from '../../problem.ts'
import { bytes, cidr, device, flag, mac, opt } from '../../schema.ts'
import { noStanding } from '../../standing.ts'
import type { Netns } from '../../topology.ts'

const link = {
  name: device,
  mac,
  mtu: bytes,
  up: flag,
  addrs: list(cidr, ROWS_OF_TABLE, 'addresses'),
  master: opt(device),
  hairpin: opt(flag),
} as const
const checks = Object.entries(KIND_CHECKS) as unknown as readonly [DevKind, KindCheck<DevKind>][]
const byKind = new Map<string, KindCheck<DevKind>>(checks)
const kinds = checks.map(([kind, c]) => ({ kind: v.literal(kind), ...link, ...c.fields }))

export const devs: Check<'devs'> = {
  schema: v.variant(
    'kind',
    kinds.map((fields) => object(fields)),
    (i) => noKind(i.input),
  ) as unknown as v.GenericSchema<unknown, Dev>,
  fields: kinds,
  rows: devices,
}

function devices(here: Here<'devs'>, say: SayRow): void {
  const { space: n } = here
  const names = new Map<string, number>()
  const ports = new Map<string, number>()
  n.devs.forEach((d, row) => {
    const of: SayOf = (code, ...args) => say(row, code, ...args)
    const before = names.get(d.name)
    if (before !== undefined) of('dev-twice', d.name, before)
    else names.set(d.name, row)
    // __inet_insert_ifa(): EEXIST only on the same device, with the same prefix. On several devices the first has it.
    const seen = new Set<string>()
    for (const a of d.addrs) {
      if (seen.has(a)) of('dev-address', a, d.name)
      seen.add(a)
    }
    if (d.master !== undefined) {
      ports.set(d.master, (ports.get(d.master) ?? 0) + 1)
      enslaved(here, d, of)
    }
    byKind.get(d.kind)?.beside?.(here, d as never, of)
    const no = noStanding(here.topology, n.name, { before: null, after: d })
    if (no !== null) of('refused', ...halves(no))
    segment(here, d, of)
  })
  n.devs.forEach((d, row) => {
    const there = ports.get(d.name) ?? 0
    if (traits(d).hasPorts === true && there > BRIDGE_PORTS)
      say(row, 'bridge-ports', d.name, there, BRIDGE_PORTS)
  })
}

function enslaved({ space: n, known }: Here<'devs'>, d: Dev, say: SayOf): void {
  const master = known.devs(n.name).get(d.master!)
  if (master === undefined || traits(master).hasPorts !== true)
    say(
      'master',
      d.master!,
      n.name,
      n.devs.filter((x) => traits(x).hasPorts).map((x) => x.name),
    )
  else if (traits(d).noPort === true) say('master-kind', d.kind)
}

/** Two of one MAC address where both hear the same frames. */
function segment({ space: n, known }: Here<'devs'>, d: Dev, say: SayOf): void {
  if (!isEther(d) || d.mac === ZERO_MAC) return
  if (isGroup(d.mac)) say('group-mac', d.mac)
  const key = `${segmentOf(n, d)} ${d.mac}`
  const other = known.segments.get(key)
  if (other !== undefined) say('mac-twice', d.mac, other, d.name)
  else known.segments.set(key, `${d.name} in ${n.name}`)
}

/** What hears the same frames: the ports of one bridge with what hangs on them, the NICs of one VPC. */
function segmentOf(n: Netns, d: Dev): string {
  const own = `${n.name}/${d.name}`
  if (traits(d).hasPorts !== true && d.master !== undefined) return `${n.name}/${d.master}`
  const [wire, peer] = [wireOf(d), peerOf(d)]
  if (wire !== null) return `vpc ${wire.vpc}`
  return peer === null ? own : `veth ${[own, `${peer.netns}/${peer.dev}`].toSorted().join(' ')}`
}
