import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Fixed } from '#lib/analysis/kernel/allowances.ts'
import type { CapturedFrame } from '#lib/analysis/read/frames.ts'

/* The packed recordings of a real Linux kernel; test/captures/pack.mjs says how they were made. */

export type LabName = 'L1-docker-bridge' | 'L2-flannel-vxlan' | 'L3-flannel-udp'
export interface CapturedProbe {
  readonly about: string
  readonly setup: readonly string[]
  readonly fixed: Fixed
  /** What the programs saw. */
  readonly events: readonly {
    readonly who: string
    readonly call: string
    readonly result: unknown
  }[]
  /** The kernel's drop reasons, in order. */
  readonly drops:
    | readonly { readonly fn: string; readonly reason: string; readonly proto: string }[]
    | null
  readonly conntrack?: Readonly<Record<string, readonly string[]>>
  readonly frames: readonly CapturedFrame[]
}

export interface StateLink {
  readonly ifname: string
  readonly flags: readonly string[]
  readonly mtu: number
  readonly address?: string
  readonly master?: string
  readonly linkinfo?: {
    readonly info_kind?: string
    readonly info_data?: Readonly<Record<string, unknown>>
    readonly info_slave_data?: { readonly hairpin?: boolean }
  }
}
export interface StateRoute {
  readonly dst: string
  readonly gateway?: string
  readonly dev?: string
  readonly protocol?: string
  readonly scope?: string
  readonly prefsrc?: string
  readonly flags: readonly string[]
}
/** `ip -j addr/link/route/rule/neigh`, `bridge -j fdb` and `iptables-save` of one namespace; the local routing table is left out. */
export interface State {
  readonly link: readonly StateLink[]
  readonly addr: readonly {
    readonly ifname: string
    readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[]
  }[]
  readonly route: readonly StateRoute[]
  readonly rule: readonly {
    readonly priority: number
    readonly src: string
    readonly table: string
  }[]
  readonly neigh: readonly {
    readonly dst: string
    readonly dev: string
    readonly lladdr: string
    readonly state: readonly string[]
  }[]
  readonly fdb: readonly {
    readonly mac: string
    readonly ifname: string
    readonly master?: string
    readonly dst?: string
    readonly state: string
  }[]
  readonly iptables: string
}
export interface Capture {
  readonly lab: LabName
  readonly kernel: string
  readonly state: Readonly<Record<string, State>>
  readonly probes: Readonly<Record<string, CapturedProbe>>
}

/** Read one packed lab. */
export function capture(lab: LabName): Capture {
  const path = fileURLToPath(new URL(`../captures/${lab}.json.gz`, import.meta.url))
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Capture
}
