import type { Address, Mac } from '#lib/wire/addr.ts'
import type { Hook, NfTable } from '#lib/topology/rows.ts'
import type { Failed, SentAs, Taker } from './saying.ts'
import type { Ref } from '#lib/topology/topology.ts'

/** A random match that was asked: what was drawn, in [0, 1), and what it had to be below; the rule that asked. */
export interface Draw {
  readonly rule: Ref
  readonly value: number
  readonly probability: number
}

/** The one question a step answered, and the rows it rested on. `matched: null` means no row matched and the default applied. `marks`: the rules that the packet's mark comes from, set first and then copied, where the answer depended on it. `passed`: policy rules that ask for something and had it, and whose table had no answer. */
export type Decision =
  /** `program`: the one that relays (docker-proxy). */
  | {
      readonly kind: 'app'
      readonly did: 'send'
      readonly what: SentAs
      readonly program?: string
    }
  | {
      readonly kind: 'app'
      readonly did: 'error'
      readonly what: Failed
      readonly program?: string
    }
  | {
      readonly kind: 'route'
      readonly dst: Address
      readonly rule: Ref | null
      readonly passed?: readonly Ref[]
      readonly matched: Ref | null
      readonly rejected: readonly Ref[]
      readonly local: boolean
      readonly dev: string | null
      readonly via: Address | null
      readonly src: Address | null
      readonly marks?: readonly Ref[]
    }
  | {
      readonly kind: 'hook'
      readonly hook: Hook
      readonly table: NfTable
      readonly matched: Ref | null
      readonly verdict: 'ACCEPT' | 'DROP' | 'REJECT' | 'DNAT' | 'SNAT' | 'MASQUERADE'
      readonly mark?: number
      readonly mss?: number
      readonly untracked?: true
      readonly from?: string
      readonly to?: string
      readonly bridged?: boolean
      readonly draws?: readonly Draw[]
      readonly marks?: readonly Ref[]
    }
  /** IPVS: `matched` is the real server's row, the service's where there is none (then `to` is null). */
  | {
      readonly kind: 'ipvs'
      readonly hook: Hook
      readonly did: 'request' | 'answer'
      readonly matched: Ref | null
      readonly from: string
      readonly to: string | null
    }
  | {
      readonly kind: 'conntrack'
      readonly state: 'new' | 'established' | 'related' | 'invalid'
      readonly matched: Ref | null
      readonly translated: boolean
    }
  | {
      readonly kind: 'neigh'
      readonly ip: Address
      readonly matched: Ref | null
      readonly lladdr: Mac | null
    }
  | {
      readonly kind: 'arp'
      readonly op: 'request' | 'reply'
      readonly ip: Address
      readonly ours: boolean
      readonly by: 'host' | 'vpc'
    }
  | {
      readonly kind: 'fdb'
      readonly mac: Mac
      readonly matched: Ref | null
      readonly ports: readonly string[]
      readonly up: boolean
    }
  | {
      readonly kind: 'socket'
      readonly matched: Ref | null
      readonly proto: 'tcp' | 'udp' | 'icmp'
      readonly port: number
      readonly did:
        | 'takes'
        | 'receives-datagram'
        | 'receives-answer'
        | 'nobody-listens'
        | 'no-connection'
      /** Where it takes: who. */
      readonly taker?: Taker
    }
  | {
      readonly kind: 'sysctl'
      readonly key: string
      readonly matched: Ref | null
      readonly value: number
    }
  | {
      readonly kind: 'source-check'
      readonly src: Address
      readonly mode: number
      readonly reverse: Ref | null
    }
  | { readonly kind: 'ttl'; readonly before: number; readonly left: number }
  | {
      readonly kind: 'mtu'
      readonly dev: string
      readonly mtu: number
      readonly size: number
      readonly df: boolean
    }
  | {
      readonly kind: 'fragments'
      readonly did: 'fragment' | 'reassemble' | 'hold' | 'stop'
      readonly sizes: readonly number[]
    }
  | {
      readonly kind: 'icmp'
      readonly type: number
      readonly code: number
      readonly did: 'make' | 'receive' | 'ignore'
    }
  | {
      readonly kind: 'device'
      readonly dev: Ref | null
      readonly did: 'transmit' | 'receive' | 'encapsulate' | 'decapsulate'
    }
  | {
      readonly kind: 'lease'
      readonly daemon: string
      readonly dst: Address
      readonly matched: Ref | null
      readonly rejected: readonly Ref[]
      readonly remote: Address | null
    }
  | {
      readonly kind: 'security-group'
      readonly direction: 'ingress' | 'egress'
      readonly eni: string
      readonly matched: Ref | null
      readonly rejected: readonly Ref[]
      readonly tracked: boolean
    }
  | {
      readonly kind: 'network-acl'
      readonly direction: 'ingress' | 'egress'
      readonly subnet: string
      readonly matched: Ref | null
    }
  | {
      readonly kind: 'source-dest-check'
      readonly eni: Ref
      readonly ip: Address
      readonly enabled: boolean
    }
  | {
      readonly kind: 'vpc-route'
      readonly dst: Address
      readonly matched: Ref | null
      readonly rejected: readonly Ref[]
      readonly target: string | null
    }
  /** `peer` is a host of a peered VPC that has the address; then no interface here has it. */
  | {
      readonly kind: 'vpc-mapping'
      readonly dst: Address
      readonly eni: Ref | null
      readonly peer?: Ref
    }
  | {
      readonly kind: 'igw'
      readonly gateway: string
      readonly from: Address
      readonly to: Address
    }
