import type { DevKind, DevOf, End } from '../devs.ts'
import type { Netns } from '../topology.ts'

/* What `tool.ts` of a kind's folder holds. Rows may be known in part only: what an edit names. */

/** What a command that makes a device is told. */
export interface Making {
  /** Its MAC address and MTU as `ip link add` takes them. */
  readonly words: string
  /** The command that sets them on a device which is there. */
  readonly set: readonly string[]
  /** The machine it is made on. */
  readonly in: string
}

/** A device on another one, and what `ip link add` is told behind its name. */
interface Standing {
  readonly link: End | undefined
  readonly name: string
  readonly words: string
}

/** The commands that make it. In the namespace of the one below nobody may have the name it is made with, even if it is made for another one (rtnl_newlink(): EEXIST), so it gets its own there. */
export function madeOn({ link, name, words }: Standing, at: string): readonly string[] {
  if (link === undefined) return [`ip link add name ${name} ${words}`]
  return link.netns === at
    ? [`ip link add link ${link.dev} name ${name} ${words}`]
    : [
        `ip -n ${link.netns} link add link ${link.dev} name new0 netns ${at} ${words}`,
        `ip link set dev new0 name ${name}`,
      ]
}

export interface KindTool<K extends DevKind> {
  /** Commands after which it is there, without master, addresses and state. */
  readonly make: (d: DevOf<K>, how: Making) => readonly string[]
  /** What no command says of it. */
  readonly notes?: (d: DevOf<K>) => readonly string[]
  /** Fields that cannot be changed: it is taken away and made again. */
  readonly fixed?: readonly string[]
  /** How it is taken away to be made again; left out: `ip link del`. */
  readonly unmake?: (name: string) => string
  /** Commands for fields of its own that can be changed, those that `to` names. */
  readonly change?: (to: Partial<DevOf<K>>, name: string) => readonly string[]
  /** What `ip link` says of its link layer, where that is no MAC address. */
  readonly link?: (d: DevOf<K>) => string
  /** IFLA_OPERSTATE of one that is up, as its namespace alone can say it; left out: UP. */
  readonly state?: (n: Netns, d: DevOf<K>) => 'UP' | 'DOWN' | 'UNKNOWN'
}
