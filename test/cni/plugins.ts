import { spawnSync } from 'node:child_process'
import type { Netns } from '#lib/topology/topology.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { inNamespaces, named, unable, type Act } from '../analysis/kernel/namespace.ts'

/* CNI plugins as a container runtime calls them: a program, its environment, JSON on standard input, the result on standard output. */

export const DIRECTORY = '/usr/lib/cni'
const PLUGINS = ['bridge', 'host-local', 'loopback', 'portmap'] as const

/** Why they cannot be run here; null if they can. */
export function noPlugins(): string | null {
  const absent = PLUGINS.filter(
    (p) => spawnSync(`${DIRECTORY}/${p}`, [], { input: '', timeout: 5000 }).status !== 0,
  )
  return absent.length > 0
    ? `${absent.map((p) => `${DIRECTORY}/${p}`).join(', ')} not installed (containernetworking-plugins)`
    : unable()
}

/** One call. `config` may have the key `prevResult`: the name of a call whose result stands there. */
export interface Call {
  readonly plugin: (typeof PLUGINS)[number]
  readonly verb: 'ADD' | 'DEL'
  readonly pod: string
  readonly dev?: string
  readonly config: Readonly<Record<string, unknown>>
  readonly as?: string
  readonly after?: string
}

/** Where host-local keeps who has which address: /run is the test's own. */
export const DATA = '/run/ipam'

/** What runs on the node for a call. A plugin says what went wrong on standard output. */
function lines(c: Call): string[] {
  const result = (name: string): string => `/run/result-${name}`
  const config = JSON.stringify({ cniVersion: '0.3.1', ...c.config }).slice(0, -1)
  const end =
    c.after === undefined ? 'echo "}"' : `printf ',"prevResult":'; cat ${result(c.after)}; echo "}"`
  const env = `CNI_COMMAND=${c.verb} CNI_CONTAINERID=${c.pod} CNI_NETNS=/run/netns/${named(c.pod)} CNI_IFNAME=${c.dev ?? 'eth0'} CNI_PATH=${DIRECTORY}`
  const out = result(c.as ?? `${c.plugin}-${c.pod}`)
  return [
    `{ cat <<'CONFIG'`,
    config,
    'CONFIG',
    `${end}; } | ${env} ${DIRECTORY}/${c.plugin} > ${out} || { cat ${out} >&2; exit 1; }`,
  ]
}

/** What host-local gives a pod, with its prefix length; null if it says that there is none. It needs no namespace. */
export function leased(config: Call['config'], pod: string): string | null {
  const r = spawnSync(`${DIRECTORY}/host-local`, [], {
    input: JSON.stringify({ cniVersion: '0.3.1', ...config }),
    encoding: 'utf8',
    timeout: 5000,
    env: {
      ...process.env,
      CNI_COMMAND: 'ADD',
      CNI_CONTAINERID: pod,
      CNI_NETNS: '/none',
      CNI_IFNAME: 'eth0',
      CNI_PATH: DIRECTORY,
    },
  })
  const said = JSON.parse(r.stdout) as {
    readonly ips?: readonly { readonly address: string }[]
    readonly msg?: string
  }
  if (r.status !== 0 && !/no IP addresses available|too small/.test(said.msg ?? ''))
    throw new Error(`host-local: ${r.stdout}`)
  return said.ips?.[0]?.address ?? null
}

/** A namespace as the tools show it. */
export interface Seen {
  readonly links: readonly Link[]
  readonly local: readonly string[]
  readonly routes: readonly string[]
  readonly rules: readonly string[]
  readonly neigh: readonly string[]
  readonly fdb: readonly string[]
  readonly netfilter: readonly string[]
  readonly sysctls: Readonly<Record<string, string>>
  readonly files: readonly string[]
}
/** Of `ip -json -details addr`. */
export interface Link {
  readonly ifname: string
  readonly ifindex: number
  readonly link_index?: number
  readonly address: string
  readonly mtu: number
  readonly flags: readonly string[]
  readonly master?: string
  readonly addr_info: readonly {
    readonly local: string
    readonly prefixlen: number
    readonly broadcast?: string
    readonly scope: string
  }[]
  readonly linkinfo?: {
    readonly info_kind?: string
    readonly info_slave_data?: { readonly hairpin?: boolean }
  }
}

/** Plugins wait for carrier; a busy machine is no failure. */
export const LIMIT = 60_000

/** Calls, and between them a look at everything. */
export type Step = Call | 'look'

function questions(n: Netns, sysctls: readonly string[]): Act[] {
  return [
    'ip -json -details addr',
    "ip -4 route show table all | grep 'table local'",
    tableAsTool(n, 'routes').command,
    'ip rule',
    'ip -4 neigh',
    'bridge fdb',
    'iptables-save',
    `for k in ${sysctls.join(' ')}; do f=/proc/sys/$(echo $k | tr . /); if [ -e $f ]; then echo "$k = $(cat $f)"; fi; done`,
    `find ${DATA} -type f 2> /dev/null | grep /`,
  ].map((command) => ({ space: n.name, command }))
}

/** Builds the namespaces, runs the steps on the first of them, and says what every look saw, by namespace. */
export function runPlugins(
  spaces: readonly Netns[],
  steps: readonly Step[],
  sysctls: readonly string[],
  before: readonly string[] = [],
): ReadonlyMap<string, Seen>[] {
  const [node] = spaces
  const start: Act = { space: node!.name, lines: before }
  const acts = steps.flatMap((s): Act[] =>
    s === 'look'
      ? spaces.flatMap((n) => questions(n, sysctls))
      : [{ space: node!.name, lines: lines(s) }],
  )
  const answers = inNamespaces(spaces, [start, ...acts], LIMIT)
  const looks = steps.filter((s) => s === 'look').length
  const each = answers.length / looks / spaces.length
  return Array.from(
    { length: looks },
    (_, look) =>
      new Map(
        spaces.map((n, i) => {
          const [links, local, routes, rules, neigh, fdb, netfilter, set, files] = answers.slice(
            (look * spaces.length + i) * each,
          ) as [
            string[],
            string[],
            string[],
            string[],
            string[],
            string[],
            string[],
            string[],
            string[],
          ]
          const tidy = (xs: readonly string[]): string[] => xs.map((x) => x.trimEnd())
          return [
            n.name,
            {
              links: JSON.parse(links.join('')) as Link[],
              local: tidy(local),
              routes: tidy(routes),
              rules: tidy(rules),
              neigh: tidy(neigh),
              fdb: tidy(fdb),
              netfilter: netfilter.filter((l) => !l.startsWith('# ')),
              sysctls: Object.fromEntries(set.map((l) => l.split(' = ') as [string, string])),
              files: files.map((f) => f.slice(DATA.length)).toSorted(),
            },
          ] as const
        }),
      ),
  )
}
