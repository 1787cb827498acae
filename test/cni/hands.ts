import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Act, Answered, Hand, Recorded, Row } from '#components/hands/hands.ts'
import { emptyNetns, netns, type Netns } from '#lib/topology/topology.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { inNamespaces, named } from '../analysis/kernel/namespace.ts'
import { DIRECTORY, LIMIT, type Link } from './plugins.ts'

/*
 * The plugins of kube-flannel's list are called for one pod as a runtime calls them, and everything is looked at whenever one begins or ends:
 * what is new since the last look was written by whichever ran. A plugin that calls another is caught at it, since the one that it finds by CNI_PATH is ours and
 * calls the real one. flannel's own plugin is not Debian's: its calls are written down from its source (flannel.go, doCmdAdd and doCmdDel).
 */

const NODE = 'node-1'
const POD = 'web-app-frontend-1'
const VERSION = '0.3.1'
const PORT = { hostPort: 30_081, containerPort: 8080, protocol: 'tcp' } as const

/** kube-flannel.yml's. */
const CONFLIST = {
  name: 'cbr0',
  cniVersion: VERSION,
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
} as const
/** What flannel's plugin makes of that and of /run/flannel/subnet.env. */
const DELEGATE = {
  cniVersion: VERSION,
  hairpinMode: true,
  ipMasq: false,
  ipam: {
    ranges: [[{ subnet: '10.1.15.0/24' }]],
    routes: [{ dst: '10.1.0.0/16' }],
    type: 'host-local',
  },
  isDefaultGateway: true,
  isGateway: true,
  mtu: 1450,
  name: CONFLIST.name,
  type: 'bridge',
} as const
const PORTMAP = {
  ...CONFLIST.plugins[1],
  name: CONFLIST.name,
  cniVersion: VERSION,
  runtimeConfig: { portMappings: [PORT] },
} as const

/** node-1 of the chapter's world as flanneld leaves it: no pod came yet, so there is no bridge. */
function bare(): Netns {
  const n = netns(SCENARIOS['flannel-vxlan']!.topology, NODE)!
  return {
    ...n,
    devs: n.devs.filter((d) => d.name !== 'docker0' && d.master !== 'docker0'),
    routes: n.routes.filter((r) => r.dev !== 'docker0'),
    neigh: n.neigh.filter((x) => x.dev !== 'docker0'),
    fdb: n.fdb.filter((x) => x.dev === 'flannel.1'),
  }
}

const TABLES = ['addr', 'route', 'nat', 'sysctl'] as const
/** A look at everything, under the number of the moment. */
const LOOK = `cat > /run/look <<'LOOK'
#!/bin/sh -eu
at() {
  "$@" ip -json -details addr > $to.addr
  "$@" ip -4 route > $to.route
  "$@" iptables-save -t nat > $to.nat
  "$@" sh -c 'for k in ip_forward conf/cni0/route_localnet; do f=/proc/sys/net/ipv4/$k; if [ -e $f ]; then echo "net.ipv4.$(echo $k | tr / .) = $(cat $f)"; fi; done' > $to.sysctl
}
n=$(ls /run/log | wc -l)
to=/run/log/$n; mkdir $to
echo "$1" > $to/what
to=$to/node; at env
to=/run/log/$n/pod; at ip netns exec ${named(POD)}
find /var/lib/cni -type f ! -name lock | sort | while read -r f; do echo "$f: $(tr -d '\\r' < $f | tr '\\n' ' ')"; done > /run/log/$n/files
echo $n
LOOK
cat > /run/plugin <<'PLUGIN'
#!/bin/sh -u
name=$(basename $0)
n=$(/run/look "begin $name")
env | grep ^CNI_ | sort > /run/log/$n/env
cat > /run/log/$n/stdin
code=0
${DIRECTORY}/$name < /run/log/$n/stdin > /run/said-$n || code=$?
m=$(/run/look "end $name")
cat /run/said-$n | tee /run/log/$m/stdout
exit $code
PLUGIN
chmod +x /run/look /run/plugin
mkdir /run/log /run/cni
for p in bridge host-local portmap; do ln -s /run/plugin /run/cni/$p; done
mount -t tmpfs pwt /var/lib
mkdir /var/lib/cni`

function call(verb: Act['verb'], plugin: string, config: string): string {
  const env = `CNI_COMMAND=${verb} CNI_CONTAINERID=${POD} CNI_NETNS=/run/netns/${named(POD)} CNI_IFNAME=eth0 CNI_PATH=/run/cni`
  return `${config} | ${env} /run/cni/${plugin} > /run/result-${verb}-${plugin} || { cat /run/result-${verb}-${plugin} >&2; exit 1; }`
}
const text = (config: object): string => `printf '%s' '${JSON.stringify(config)}'`
/** The chain so far goes to the next of the list. */
const after = (config: object, result: string): string =>
  `{ printf '%s' '${JSON.stringify(config).slice(0, -1)},"prevResult":'; cat ${result}; echo '}'; }`

/** The files of all moments, by their names, each behind a line that names it. */
const READ = `find /run/log -type f | sort | while read -r f; do echo "## $f"; cat "$f"; echo; done`

interface Moment {
  readonly what: string
  readonly files: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
}

function devices(where: string, json: string): readonly Row[] {
  return (JSON.parse(json) as Link[]).flatMap((l): Row[] => {
    const slave = l.linkinfo?.info_slave_data
    const kind = l.linkinfo?.info_kind ?? 'loopback'
    const words = [
      `${l.ifname}: ${kind} mtu ${l.mtu}`,
      ...(l.master === undefined ? [] : [`master ${l.master}`]),
      ...(slave?.hairpin === true ? ['hairpin on'] : []),
      ...(l.flags.includes('UP') ? ['up'] : []),
    ]
    return [
      { in: where, table: 'devices', text: words.join(' ') },
      ...l.addr_info.map((a): Row => ({
        in: where,
        table: 'addresses',
        text: `${a.local}/${a.prefixlen} dev ${l.ifname}`,
      })),
    ]
  })
}

const lines = (s: string): readonly string[] =>
  s
    .split('\n')
    .map((l) => l.replace(/ linkdown/, '').trim())
    .filter((l) => l !== '')

/** A chain of one's own, and what stands in chains. */
const rule = (l: string): readonly string[] => {
  const chain = /^:(\S+) - /.exec(l)?.[1]
  return chain === undefined ? (l.startsWith('-A ') ? [l] : []) : [`-N ${chain}`]
}

/** The rows of a moment. */
function rowsOf(files: Moment['files']): readonly Row[] {
  const of = (table: Row['table'], where: string, all: readonly string[]): readonly Row[] =>
    all.map((t) => ({ in: where, table, text: t }))
  return [
    ...(['node', 'pod'] as const).flatMap((at) => {
      const [addr, route, nat, sysctl] = TABLES.map((t) => files[`${at}.${t}`] ?? '') as [
        string,
        string,
        string,
        string,
      ]
      const where = at === 'node' ? NODE : POD
      return [
        ...devices(where, addr),
        ...of('routes', where, lines(route)),
        ...of('rules', where, lines(nat).flatMap(rule)),
        ...of('sysctls', where, at === 'pod' ? [] : lines(sysctl).filter((l) => !l.endsWith(' 0'))),
      ]
    }),
    ...of('files', NODE, lines(files['files'] ?? '')),
  ]
}

function momentsOf(log: string): readonly Moment[] {
  const found: Record<string, string>[] = []
  for (const part of log.split(/^## /m).slice(1)) {
    const [, n, file] = /^\/run\/log\/(\d+)\/(\S+)\n/.exec(part)!
    ;(found[Number(n)] ??= {})[file!] = part.slice(part.indexOf('\n') + 1).trim()
  }
  return found.map((files) => ({ what: files['what']!, files, rows: rowsOf(files) }))
}

const key = (r: Row): string => `${r.in} ${r.table} ${r.text}`
/** What is there now and was not, and what was and is not. */
function between(before: Moment, now: Moment): readonly Row[] {
  const [was, is] = [before, now].map((m) => new Set(m.rows.map(key))) as [Set<string>, Set<string>]
  return [
    ...before.rows.filter((r) => !is.has(key(r))).map((r): Row => ({ ...r, gone: true })),
    ...now.rows.filter((r) => !was.has(key(r))),
  ]
}

const environment = (env: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines(env).map((l): [string, string] => {
      const at = l.indexOf('=')
      // Ours are in the way so that one sees who is called.
      return [
        l.slice(0, at),
        l
          .slice(at + 1)
          .replaceAll('/run/cni', DIRECTORY)
          .replaceAll(named(POD), POD),
      ]
    }),
  )
const said = (stdout: string | undefined): unknown =>
  stdout === undefined || stdout === ''
    ? null
    : (JSON.parse(stdout.replaceAll(named(POD), POD)) as unknown)

/** From each moment to the next one hand wrote: whoever ran. */
function actsOf(moments: readonly Moment[], verb: Act['verb']): readonly Act[] {
  const running: Hand[] = []
  const handed = (m: Moment): Pick<Act, 'env' | 'stdin'> => ({
    env: environment(m.files['env']!),
    stdin: said(m.files['stdin']),
  })
  return moments.flatMap((m, i): Act[] => {
    const [how, name] = m.what.split(' ') as ['begin' | 'end', Hand]
    if (how === 'begin') running.push(name)
    else running.pop()
    const [next, hand] = [moments[i + 1], running.at(-1)]
    if (hand === undefined || next === undefined) return []
    return [
      {
        hand,
        verb,
        from: 'run',
        ...(how === 'begin' ? handed(m) : {}),
        ...(next.what === `end ${hand}` ? { stdout: said(next.files['stdout']) } : {}),
        rows: between(m, next),
      },
    ]
  })
}

/** A plugin asked once, without a network. */
function asked(plugin: string, verb: string, config: object): Pick<Answered, 'exit' | 'stdout'> {
  const r = spawnSync(`${DIRECTORY}/${plugin}`, [], {
    input: JSON.stringify(config),
    encoding: 'utf8',
    timeout: 5000,
    env: {
      ...process.env,
      CNI_COMMAND: verb,
      CNI_CONTAINERID: POD,
      CNI_NETNS: '/none',
      CNI_IFNAME: 'eth0',
      CNI_PATH: DIRECTORY,
    },
  })
  return { exit: r.status ?? -1, stdout: said(r.stdout.trim()) }
}

/** Six addresses are given and the second comes back; who comes next? */
function leases(): Recorded['leases'] {
  const dataDir = mkdtempSync(join(tmpdir(), 'host-local-'))
  const config = { ...DELEGATE, ipam: { ...DELEGATE.ipam, dataDir } }
  const host = (verb: string, pod: string): unknown => {
    const r = spawnSync(`${DIRECTORY}/host-local`, [], {
      input: JSON.stringify(config),
      encoding: 'utf8',
      timeout: 5000,
      env: {
        ...process.env,
        CNI_COMMAND: verb,
        CNI_CONTAINERID: pod,
        CNI_NETNS: '/none',
        CNI_IFNAME: 'eth0',
        CNI_PATH: DIRECTORY,
      },
    })
    if (r.status !== 0) throw new Error(`host-local: ${r.stdout}`)
    return said(r.stdout.trim())
  }
  const given = (pod: string): string =>
    (host('ADD', pod) as { readonly ips: readonly { readonly address: string }[] }).ips[0]!.address
  try {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((pod) => given(pod))
    host('DEL', 'b')
    return { given: six, back: six[1]!, next: given('g') }
  } finally {
    rmSync(dataDir, { recursive: true })
  }
}

const FLANNEL_FILE = `/var/lib/cni/flannel/${POD}`
/** flannel's own call, of its source: it reads subnet.env, keeps what it makes, and calls the plugin that it names. */
const flannel = (verb: Act['verb'], env: Act['env']): Act => ({
  hand: 'flannel',
  verb,
  from: 'source',
  ...(env === undefined ? {} : { env }),
  stdin: { ...CONFLIST.plugins[0], name: CONFLIST.name, cniVersion: VERSION },
  rows: [
    {
      in: NODE,
      table: 'files',
      text: FLANNEL_FILE,
      ...(verb === 'DEL' ? { gone: true } : {}),
    },
  ],
})

/** Runs the plugins, and says what each was asked and wrote. */
export function record(): Recorded {
  const spaces = [bare(), emptyNetns(POD, NODE, 'pod')]
  const [answer] = inNamespaces(
    spaces,
    [
      {
        space: NODE,
        lines: [
          LOOK,
          call('ADD', 'bridge', text(DELEGATE)),
          call('ADD', 'portmap', after(PORTMAP, '/run/result-ADD-bridge')),
          call('DEL', 'portmap', text(PORTMAP)),
          call('DEL', 'bridge', text(DELEGATE)),
        ],
      },
      { space: NODE, command: READ },
    ],
    LIMIT,
  )
  const moments = momentsOf(answer!.join('\n'))
  const half = moments.findIndex((m) => m.what === 'end portmap') + 1
  const add = actsOf(moments.slice(0, half), 'ADD')
  const del = actsOf(moments.slice(half), 'DEL')
  const bridge = (acts: readonly Act[]): number => acts.findIndex((a) => a.hand === 'bridge')
  const inside = moments[0]!.rows.filter((r) => r.in === POD)
  const debian = spawnSync(
    'dpkg-query',
    ['-W', '-f', '${Version}', 'containernetworking-plugins'],
    {
      encoding: 'utf8',
    },
  ).stdout
  return {
    plugins: debian.trim(),
    node: NODE,
    pod: POD,
    conflist: CONFLIST,
    acts: [
      { hand: 'runtime', verb: 'ADD', from: 'run', rows: inside },
      flannel('ADD', add[0]!.env),
      ...add,
      ...del.slice(0, bridge(del)),
      flannel('DEL', del[0]!.env),
      ...del.slice(bridge(del)),
      {
        hand: 'runtime',
        verb: 'DEL',
        from: 'run',
        rows: inside.map((r): Row => ({ ...r, gone: true })),
      },
    ],
    leases: leases(),
    answers: (
      [
        ['VERSION', VERSION],
        ['CHECK', VERSION],
        ['STATUS', VERSION],
        ['GC', VERSION],
      ] as const
    ).map(([verb, cniVersion]) => ({
      verb,
      cniVersion,
      ...asked('bridge', verb, { ...DELEGATE, cniVersion }),
    })),
  }
}
