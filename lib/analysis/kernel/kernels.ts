import { NEWEST, type Traits } from '#lib/run/run.ts'

/* Where the kernels that were asked differ from each other, as far as a walk shows it. A walk is Linux 6.18's; an older kernel is compared with the walk that it makes itself. */

export interface Difference {
  /** Kernels before this one have the traits. */
  readonly before: readonly [major: number, minor: number]
  readonly says: string
  readonly source: string
  readonly traits: Partial<Traits>
}

/** All of them, by name (test/analysis/kernel/kernels.test.ts). */
export const DIFFERENCES = {
  'tunnel-limit': {
    before: [6, 18],
    says: 'How often a tunnel’s packets may come to it again: Linux 6.18 drops the fourth, 6.1 the tenth. Between them nobody was asked.',
    source:
      'include/net/ip_tunnels.h IP_TUNNEL_RECURSION_LIMIT, net/ipv4/ip_tunnel_core.c iptunnel_xmit(); net/core/dev.h XMIT_RECURSION_LIMIT',
    traits: { tunnelLimit: null },
  },
} as const satisfies Readonly<Record<string, Difference>>

/** Which of them a kernel has, by its release (`6.1.176`); none if that cannot be read. */
export function differencesOf(release: string): (keyof typeof DIFFERENCES)[] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? []
  if (major === undefined || minor === undefined) return []
  return (Object.keys(DIFFERENCES) as (keyof typeof DIFFERENCES)[]).filter((name) => {
    const [a, b] = DIFFERENCES[name].before
    return Number(major) < a || (Number(major) === a && Number(minor) < b)
  })
}

/** The traits of a kernel: Linux 6.18's, but for what it has otherwise. */
export function traitsOf(release: string): Traits {
  return differencesOf(release).reduce<Traits>(
    (t, name) => ({ ...t, ...DIFFERENCES[name].traits }),
    NEWEST,
  )
}
