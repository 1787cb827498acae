import { GENEVE_PORT, VXLAN_PORTS } from '#lib/wire/packet.ts'
import { LOCAL_PORTS } from '#lib/lookup/sysctl.ts'
import type { CapturedLayer } from '#lib/analysis/read/frames.ts'
import { unpushed } from './agree-tcp.ts'
import { isIpLayer } from './recorded.ts'

/* What may differ between a kernel's frames and a walk's, each as narrow as it can be. */

/** What the sender chose itself. Every other id and port was chosen by the kernel. */
export interface Fixed {
  readonly ip_ids: readonly number[]
  readonly icmp_ids: readonly number[]
  readonly ports: readonly number[]
  /** False: the IP ids of a connection need not count up as the kernel's do. */
  readonly counted?: boolean
}

/** Where the engine need not give the kernel's number; lib/words says why, and what of the kernel's guarantees is demanded all the same. */
export const ALLOWANCES = [
  'ip-id',
  'vxlan-source-port',
  'geneve-source-port',
  'nat-port',
  'icmp-id',
  'tcp-number',
  'tcp-clock',
  'tcp-push',
  'scheduling',
  'offload',
] as const
export type Allowance = (typeof ALLOWANCES)[number]

/** One field of both. */
interface Values {
  readonly key: string
  readonly theirs: unknown
  readonly mine: unknown
}
interface Numbers extends Values {
  readonly theirs: number
  readonly mine: number
}
/** Which walk the frame is of, and whether it ends a write. */
interface Within {
  readonly walk: number
  readonly last: boolean
}
/** Is the pair of values as an allowance demands? Null: none applies. */
type Allowed = (layer: CapturedLayer, values: Values, within: Within) => boolean | null

/** The allowances of one comparison: what they demand of each pair of values depends on the pairs before. `used` counts which were needed. */
export function allowing(fixed: Fixed): {
  readonly allowed: Allowed
  readonly used: ReadonlyMap<Allowance, number>
} {
  const used = new Map<Allowance, number>()
  const count = (a: Allowance): void => {
    used.set(a, (used.get(a) ?? 0) + 1)
  }
  const renamed = { port: bijection(), icmp: bijection() }
  const ids: ((theirs: number, mine: number) => boolean)[] = []

  /** Ids and ports that the kernel chose. */
  const numbers = (
    layer: CapturedLayer,
    { key, theirs, mine }: Numbers,
    walk: number,
  ): boolean | null => {
    if (isIpLayer(layer) && key === 'id' && !fixed.ip_ids.includes(theirs)) {
      count('ip-id')
      return mine !== 0 && !fixed.ip_ids.includes(mine) && (ids[walk] ??= bijection())(theirs, mine)
    }
    if (key === 'sport' || key === 'dport') return ports(layer, { key, theirs, mine })
    if (layer.type === 'icmp' && key === 'id' && !fixed.icmp_ids.includes(theirs)) {
      count('icmp-id')
      return !fixed.icmp_ids.includes(mine) && renamed.icmp(theirs, mine)
    }
    if (layer.type === 'tcp' && key === 'seq') count('tcp-number')
    return null
  }

  const ports = (layer: CapturedLayer, { key, theirs, mine }: Numbers): boolean | null => {
    if (theirs === mine) return renamed.port(theirs, mine)
    if (fixed.ports.includes(theirs)) return null
    // One that is outside the range NAT drew: the outer header is masqueraded too.
    const tunnel = key === 'sport' ? hashed(layer.dport, mine) : null
    if (tunnel !== null) {
      count(tunnel)
      return renamed.port(theirs, mine)
    }
    count('nat-port')
    return mine >= 1024 && !fixed.ports.includes(mine) && renamed.port(theirs, mine)
  }

  const allowed: Allowed = (layer, { key, theirs, mine }, { walk, last }) => {
    if (typeof theirs === 'number' && typeof mine === 'number') {
      const said = numbers(layer, { key, theirs, mine }, walk)
      if (said !== null) return said
    }
    if (
      key === 'flags' &&
      layer.type === 'tcp' &&
      theirs !== mine &&
      !last &&
      unpushed(theirs) === unpushed(mine)
    ) {
      count('tcp-push')
      return true
    }
    if (key === 'clock') {
      count('tcp-clock')
      return typeof theirs === typeof mine
    }
    if (key === 'csum' && theirs === 'unfinished') {
      count('offload')
      return mine === undefined
    }
    return null
  }
  return { allowed, used }
}

/** Whose source port is a hash of the flow inside, by the port that it is sent to, and whether ours is one that it may be; null: nobody's. */
function hashed(dport: unknown, mine: number): Allowance | null {
  if (dport === GENEVE_PORT && mine >= 1) return 'geneve-source-port'
  return VXLAN_PORTS.includes(dport as number) && mine >= LOCAL_PORTS[0] && mine < LOCAL_PORTS[1]
    ? 'vxlan-source-port'
    : null
}

/** A renaming that grows: the same value always has the same name, different values different ones. */
function bijection(): (theirs: number, mine: number) => boolean {
  const there = new Map<number, number>()
  const back = new Map<number, number>()
  return (theirs, mine) => {
    if (!there.has(theirs) && !back.has(mine)) {
      there.set(theirs, mine)
      back.set(mine, theirs)
    }
    return there.get(theirs) === mine && back.get(mine) === theirs
  }
}
