import type { Cidr } from '#lib/wire/addr.ts'

/*
 * What the AWS VPC CNI wrote, by version, as far as it differs: amazon-vpc-cni-k8s, pkg/networkutils/network.go (SetupHostNetwork) and the plugin's driver.go (setupNS) of each tag, CHANGELOG.md for what came when.
 * That pods are routed to by veth pairs, with a /32, 169.254.1.1 and its permanent entry, a rule 512 each and a table for each ENI, is the same in all of them.
 */

/** A version, and what it writes. */
export interface Era {
  /** MTU of pods: hard-coded, or null where it is the interfaces' (AWS_VPC_ENI_MTU, 9001 when left out; #210, v1.3.0). */
  readonly mtu: number | null
  /** Rule 1024 that leads all that is not for the VPC by the main table, without a mark (until v1.3.0, #234). */
  readonly notVpc: boolean
  /** The answers of node ports find back: marks, rule 1024 for them, eth0's rp_filter (v1.2.0, #130). `mask` is that of the rule (v1.4.0, #340; before it the whole mark is compared), `vlan` whether pods with a group of their own are thought of (v1.7.0). */
  readonly nodePort: { readonly mask: number; readonly vlan: boolean } | null
  /** Rule 1536: for all that the pod sends, or only for what is for the VPC, so that the rest goes by the main table (v1.3.0 to v1.7). */
  readonly from: 'pod' | 'pod to VPC'
  /** Source NAT: one rule of POSTROUTING; a chain for each range, each leading on to the next (v1.3.0); one chain with a RETURN for each (v1.16.2). */
  readonly snat: 'rule' | 'ladder' | 'chain'
  /** What is to be translated is marked on its way in, so that rule 1024 leads it out by eth0 (v1.8.0, #1475). */
  readonly connmark: boolean
  /** Does it know AWS_VPC_K8S_CNI_EXTERNALSNAT (v1.1.0, #81) and AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS (v1.6.0, #520)? One that does not leaves it unread. */
  readonly external: boolean
  readonly excludes: boolean
}

export const ERAS = {
  /** 3 June 2018, two days before EKS. */
  'v1.0': {
    mtu: 1500,
    notVpc: true,
    nodePort: null,
    from: 'pod',
    snat: 'rule',
    connmark: false,
    external: false,
    excludes: false,
  },
  /** September 2018. */
  'v1.2': {
    mtu: 1500,
    notVpc: true,
    nodePort: { mask: 0xffffffff, vlan: false },
    from: 'pod',
    snat: 'rule',
    connmark: false,
    external: true,
    excludes: false,
  },
  /** 24 November 2018. */
  'v1.3': {
    mtu: null,
    notVpc: false,
    nodePort: { mask: 0xffffffff, vlan: false },
    from: 'pod to VPC',
    snat: 'ladder',
    connmark: false,
    external: true,
    excludes: false,
  },
  /** August 2026, with its marks in iptables. */
  'v1.23': {
    mtu: null,
    notVpc: false,
    nodePort: { mask: 0x80, vlan: true },
    from: 'pod',
    snat: 'chain',
    connmark: true,
    external: true,
    excludes: true,
  },
} as const satisfies Readonly<Record<string, Era>>
export type EraId = keyof typeof ERAS
export const ERA_IDS = Object.keys(ERAS) as readonly EraId[]
export const TODAY: EraId = 'v1.23'

/** What an administrator of the plugin chooses. */
export interface VpcCniOptions {
  /** Which version it is; today's when left out. */
  readonly era?: EraId
  /** AWS_VPC_K8S_CNI_EXTERNALSNAT: somebody else translates, a NAT gateway for instance. */
  readonly externalSnat?: boolean
  /** AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: left as it is, as the VPC's own. */
  readonly excludeSnatCidrs?: readonly Cidr[]
}

/** The options as a version reads them. */
export interface Settings {
  readonly era: Era
  readonly external: boolean
  /** The last that was named first, since each is inserted at the first place. */
  readonly excluded: readonly Cidr[]
}

export function settings(o: VpcCniOptions): Settings {
  const era: Era = ERAS[o.era ?? TODAY]
  const external = era.external && o.externalSnat === true
  // GetExcludeSNATCIDRs(): none where nothing is translated.
  const excluded = era.excludes && !external ? (o.excludeSnatCidrs ?? []) : []
  return { era, external, excluded: excluded.toReversed() }
}
