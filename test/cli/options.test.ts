import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { COMMANDS, OPTIONS, type CommandName } from '#lib/cli/options.ts'
import { help, helpOf } from '#lib/cli/usage.ts'
import { cli } from '#lib/cli/words.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'
import { WORLD_IDS } from '#lib/worlds/index.ts'
import { ran, top } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'packet-walk-'))
afterAll(() => rmSync(dir, { recursive: true }))
const file = join(dir, 'two.yaml')
writeFileSync(
  file,
  'packet-walk: 1\nnetwork: flannel-vxlan\nnodes:\n  - { name: node-1, ip: 192.168.0.10, podCidr: 10.1.1.0/24 }\npods:\n  - { name: web, node: node-1 }\n  - { name: api, node: node-1 }\n',
)
const empty = join(dir, 'empty.yaml')
writeFileSync(empty, '')
const PING = ['--from', 'web-app-frontend-1', '--to', 'backend-service-2']
const TCP = ['--from', 'web-app-frontend-1', '--to', 'backend-service-2:8080']

/** As many worlds as fit a line. */
const SHOWN = 11
const WORLDS = `${WORLD_IDS.slice(0, SHOWN).join(', ')} and ${WORLD_IDS.length - SHOWN} more`

/** Each option of each command, where it would say nothing, twice, or what is not so: what is said. */
const REFUSED: readonly (readonly [readonly string[], string])[] = [
  // The command.
  [['trcae'], 'trcae: no such command; did you mean trace?'],
  [
    ['sing'],
    'sing: no such command; there are list, trace, validate, lab, verify, check, census, completion',
  ],
  [
    ['constructor'],
    'constructor: no such command; there are list, trace, validate, lab, verify, check, census, completion',
  ],
  [
    ['flannel-vxlan', '--flow', 'ping'],
    'flannel-vxlan: no such command; to walk a packet in it write packet-walk trace flannel-vxlan',
  ],
  [
    ['--json', 'list'],
    '--json: the command comes first; there are list, trace, validate, lab, verify, check, census, completion',
  ],
  [['help', 'trcae'], 'trcae: no such command; did you mean trace?'],
  // Its words.
  [['list', 'vpc-cni'], 'list: it takes no words, but vpc-cni stands there; leave it out'],
  [
    ['trace'],
    `trace: which world or file? Worlds are ${WORLDS}; a file to begin with is public/example.yaml`,
  ],
  [
    ['trace', 'vpc-cni', 'flannel-udp', ...PING],
    'trace: one world or file, not also flannel-udp; leave one of them out',
  ],
  [
    ['trace', 'flanel-vxlan', ...PING],
    'flanel-vxlan: no such world or file; did you mean flannel-vxlan?',
  ],
  [['trace', 'nowhere', ...PING], `nowhere: no such world or file; worlds are ${WORLDS}`],
  [
    ['trace', join(dir, 'tow.yaml'), ...PING],
    `${join(dir, 'tow.yaml')}: no such world or file; did you mean ${file}?`,
  ],
  [
    ['trace', empty, '--flow', 'ping'],
    `${empty}: the file is empty; begin with packet-walk: 1 and network: flannel-vxlan`,
  ],
  [
    ['trace', dir, '--flow', 'ping'],
    `${dir}: cannot be read (EISDIR): it is a folder; name a file in it`,
  ],
  [['validate'], 'validate: which file? One to begin with is public/example.yaml'],
  [
    ['validate', 'vpc-cni'],
    'validate: vpc-cni is a world of this program, not a file; name a file',
  ],
  [
    ['lab'],
    `lab: which world or file? Worlds are ${WORLDS}; a file to begin with is public/example.yaml`,
  ],
  // Options as such.
  [
    ['trace', 'vpc-cni', '--siez', '3'],
    '--siez: packet-walk trace has no such option; did you mean --size?',
  ],
  [
    ['validate', file, '--json'],
    '--json: packet-walk validate has no such option; list, trace, verify, check or census have it',
  ],
  [['lab', 'vpc-cni', '--warm'], '--warm: packet-walk lab has no such option; trace has it'],
  [
    ['verify', 'vpc-cni', '--detail', 'kernel'],
    '--detail: packet-walk verify has no such option; trace has it',
  ],
  [['list', '-x'], '-x: packet-walk list has no such option; there are --json, --help, --version'],
  [['trace', 'vpc-cni', '--from'], '--from: its value is missing; write --from NAME'],
  [['trace', 'vpc-cni', '--from', '--to', 'x'], '--from: its value is missing; write --from NAME'],
  [['trace', 'vpc-cni', '--from=', '--to', 'x'], '--from: its value is missing; write --from NAME'],
  [
    ['trace', 'vpc-cni', '--json=yes', ...PING],
    '--json=yes: it takes no value; leave out what is behind the name',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--ttl', '3', '--ttl', '4'],
    '--ttl: given twice, 3 and 4; leave one of them out',
  ],
  [
    ['trace', 'vpc-cni', '--flow', 'ping', '--flow', 'large'],
    '--flow: given twice, ping and large; leave one of them out',
  ],
  // --flow and what it says already.
  [
    ['trace', 'vpc-cni', '--flow', 'pign'],
    '--flow pign: vpc-cni has no such flow; did you mean ping?',
  ],
  [
    ['trace', 'vpc-cni', '--flow', 'toString'],
    '--flow toString: vpc-cni has no such flow; there are frontend-1-to-backend-2, ping, large, large-no-df, same-node, to-node, to-internet, metrics-1-to-metrics-2, frontend-1-to-metrics-2 and 8 more',
  ],
  ...[
    ['--from', 'zzz'],
    ['--to', 'zzz'],
    ['--proto', 'udp'],
    ['--sport', '7'],
    ['--size', '99999'],
    ['--ttl', '3'],
    ['--df'],
  ].flatMap(([o, ...value]): [string[], string][] =>
    (['trace', 'verify', 'census'] as const).map((command) => [
      [command, 'vpc-cni', '--flow', 'ping', o!, ...value],
      `${o}: --flow ping says all of the flow already; leave --flow out and name --from and --to, or leave out ${o}`,
    ]),
  ),
  [
    ['verify', 'vpc-cni', '--flow', 'ping', '--kernel', '6.1'],
    '--kernel 6.1: no such kernel; there are auto, running, uml',
  ],
  // Both ends.
  [
    ['trace', 'vpc-cni', '--from', 'web-app-frontend-1'],
    '--to is missing: where does it go? Name a pod, node, host or Service, or an address, with :PORT for TCP',
  ],
  [
    ['trace', 'vpc-cni', '--to', 'backend-service-2'],
    '--from is missing: who sends? Name a pod, node or host',
  ],
  [
    ['verify', 'vpc-cni', '--size', '3'],
    '--from and --to are needed, or --flow; the flows of vpc-cni are frontend-1-to-backend-2, ping, large, large-no-df, same-node, to-node, to-internet, metrics-1-to-metrics-2, frontend-1-to-metrics-2 and 8 more',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'web-ap-frontend-1', '--to', 'x'],
    '--from web-ap-frontend-1: no pod, node or host has that name; did you mean web-app-frontend-1 or web-app-frontend-2?',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'node-1:80', '--to', 'x'],
    '--from node-1:80: no pod, node or host has that name, and a port belongs to --to; did you mean node-1?',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'node-1', '--to', 'bakend:80'],
    '--to bakend:80: no pod, node, host or Service has that name; did you mean backend?',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'node-1', '--to', 'fd00:44:2::5'],
    '--to fd00:44:2::5: IPv6 is not modelled; write a name, or an IPv4 address',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'node-1', '--to', '[fd00::5]:80'],
    '--to "[fd00::5]:80": IPv6 is not modelled; write a name, or an IPv4 address',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'vpc', '--to', 'node-1'],
    '--from vpc: no pod, node or host has that name; there are node-1, node-2, web-app-frontend-1, backend-service-1, metrics-1, web-app-frontend-2, backend-service-2, metrics-2, internet, peer',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'node-1', '--to', '10.1.1'],
    '--to: "10.1.1" is no IPv4 address; four numbers from 0 to 255, such as 10.1.20.3',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'node-1', '--to', 'node-2:99999'],
    '--to: "99999" is no port; a port is a number from 1 to 65535',
  ],
  // What goes with them.
  [
    ['trace', 'vpc-cni', ...TCP, '--proto', 'icmp'],
    '--proto icmp: an echo has no port, and --to backend-service-2:8080 has one; leave out the port, or choose udp or tcp',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--proto', 'udp'],
    '--to: udp needs a port; write backend-service-2:8080',
  ],
  [['trace', 'vpc-cni', ...PING, '--proto', 'tpc'], '--proto tpc: did you mean tcp?'],
  [['trace', 'vpc-cni', ...PING, '--proto', 'sctp'], '--proto sctp: there are icmp, udp, tcp'],
  [
    ['trace', 'vpc-cni', ...PING, '--sport', '7'],
    '--sport: an echo has no port; leave it out, or choose tcp or udp',
  ],
  [
    ['trace', 'vpc-cni', ...TCP, '--sport', '0'],
    '--sport 0: not in its range; write a whole number from 1 to 65535',
  ],
  [
    ['trace', 'vpc-cni', '--from', 'backend-service-1', '--to', 'node-1:80', '--sport', '8080'],
    '--sport: backend-service-1 has tcp 8080 already, for backend-service-1; choose another port',
  ],
  [
    ['trace', 'vpc-cni', ...TCP, '--df'],
    '--df: TCP sets DF always, so it would change nothing; leave it out',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--ttl', '300'],
    '--ttl 300: not in its range; write a whole number from 1 to 255',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--ttl', '-1'],
    '--ttl -1: not in its range; write a whole number from 1 to 255',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--size', '1e3'],
    '--size 1e3: not in its range; write a whole number from 0 to 65000',
  ],
  [
    ['trace', 'vpc-cni', ...TCP, '--size', '0'],
    '--size: 0 is out of range; a whole number from 1 to 1000000',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--draw', 'x'],
    '--draw x: not in its range; write a whole number from 0 to 4294967295',
  ],
  [
    ['trace', 'vpc-cni', '--draw', '3'],
    '--draw says not which flow: --from and --to are needed, or --flow; the flows of vpc-cni are frontend-1-to-backend-2, ping, large, large-no-df, same-node, to-node, to-internet, metrics-1-to-metrics-2, frontend-1-to-metrics-2 and 8 more',
  ],
  // What-ifs.
  [
    ['trace', 'vpc-cni', ...PING, '--what-if', 'delte-neigh'],
    '--what-if delte-neigh: vpc-cni has no such what-if; did you mean delete-neigh?',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--what-if', '__proto__'],
    '--what-if __proto__: vpc-cni has no such what-if; there are deny-security-group, drop-route, drop-pod-route, delete-rule-1536, delete-rule-512, delete-neigh, release-address, no-snat, forward-drop, lower-mtu and 13 more',
  ],
  [
    ['trace', 'vpc-cni', ...PING, '--what-if', 'jumbo,,drop-route'],
    '--what-if: a name is missing beside a comma; write NAME,NAME',
  ],
  [
    ['trace', file, '--flow', 'ping', '--what-if', 'jumbo'],
    `--what-if jumbo: ${file} has no what-ifs; write the change into the file, under edits`,
  ],
  [
    ['lab', 'vpc-cni', '--what-if', 'jumboo'],
    '--what-if jumboo: vpc-cni has no such what-if; did you mean jumbo?',
  ],
  [
    ['census', 'flannel-host-gw', '--what-if', 'drop-route'],
    'census: frontend-1-to-backend-2 does not arrive in flannel-host-gw as it is, so no row can be said to matter; choose another flow, or a what-if with which it does',
  ],
  // What is printed.
  [['completion'], 'completion: which shell? There are bash, zsh, fish'],
  [['completion', 'bsah'], 'completion bsah: no such shell; did you mean bash?'],
  [['completion', 'bash', 'zsh'], 'completion: one shell, not also zsh; leave one of them out'],
  [
    ['trace', 'vpc-cni', ...PING, '--json', '--detail', 'kernel'],
    '--detail: --json has every step, whatever the detail; leave one of them out',
  ],
  [['trace', 'vpc-cni', ...PING, '--detail', 'kernal'], '--detail kernal: did you mean kernel?'],
  [
    ['trace', 'vpc-cni', ...PING, '--detail', 'all'],
    '--detail all: there are story, network, kernel',
  ],
]

describe('what would be ignored or is not so is refused, in one line with the remedy', () => {
  it.each(REFUSED)('%j', async (args, line) => {
    expect(await ran(...args)).toEqual({ status: 2, out: '', err: `packet-walk: ${line}\n` })
  })
  it('each option of each command stands in a line of the table, or is free to stand anywhere', () => {
    const free = new Set([
      'census --draw',
      'census --json',
      'census --what-if',
      'check --json',
      'check --what-if',
      'lab --what-if',
      'list --json',
      'trace --json',
      'trace --warm',
      'trace --pcap',
      'verify --json',
      'verify --draw',
      'verify --what-if',
    ])
    const said = REFUSED.map(([args]) => args)
    const left = (Object.keys(COMMANDS) as CommandName[]).flatMap((c) =>
      COMMANDS[c].options
        .filter(
          (o) =>
            o !== 'help' &&
            o !== 'version' &&
            !said.some((a) => a[0] === c && a.some((x) => x.startsWith(`--${o}`))),
        )
        .map((o) => `${c} --${o}`),
    )
    expect(left.filter((x) => !free.has(x))).toEqual([])
  })
})

describe('what may stand together', () => {
  it.each<readonly string[]>([
    ['--flow', 'ping', '--draw', '3', '--warm'],
    [...PING, '--ttl', '64', '--ttl', '64'],
    [...PING, '--proto', 'icmp', '--df', '--size', '0'],
    [...TCP, '--proto', 'tcp', '--sport', '41000', '--draw', '1', '--json'],
    ['--what-if', 'jumbo', '--what-if', 'jumbo,no-snat', ...PING],
    [...PING, '--detail', 'story'],
  ])('%j', async (...args) => {
    expect(await ran('trace', 'vpc-cni', ...args)).toMatchObject({ status: 0, err: '' })
  })
})

describe('help and version', () => {
  it('the worlds of the help are those there are', () => {
    expect(help().replaceAll(/\s+/g, ' ')).toContain(
      ` worlds: ${Object.keys(SCENARIOS).join(' ')} a cluster file`,
    )
  })
  it('names every command; each command’s names its options; at most 100 columns', () => {
    for (const name of Object.keys(COMMANDS) as CommandName[]) {
      expect(help()).toContain(`  packet-walk ${name} `)
      for (const o of COMMANDS[name].options)
        expect(helpOf(name), `${name} --${o}`).toMatch(
          new RegExp(`^  (-\\w, )?--${o}\\b.* {2}\\S`, 'm'),
        )
      expect(helpOf(name)).toContain(`exit status: ${cli().commands[name].exit}\n`)
      expect(
        [...help().split('\n'), ...helpOf(name).split('\n')].filter((l) => l.length > 100),
      ).toEqual([])
    }
  })
  it('a short name stands for one option', () => {
    const shorts = Object.values(OPTIONS).flatMap((o) => ('short' in o ? [o.short] : []))
    expect(new Set(shorts).size).toBe(shorts.length)
  })
  it('--version, -V and version say the package’s, with a command too; help wins over a mistake beside it', async () => {
    const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as {
      version: string
    }
    for (const args of [
      ['--version'],
      ['-V'],
      ['version'],
      ['trace', '--version'],
      ['list', '-V', '--nonsense'],
    ])
      expect(await ran(...args)).toEqual({ status: 0, out: `packet-walk ${version}\n`, err: '' })
    for (const args of [
      ['help', 'trace'],
      ['trace', '-h'],
      ['trace', '--nonsense', '--help'],
    ])
      expect(await ran(...args)).toEqual({ status: 0, out: helpOf('trace'), err: '' })
    expect(await ran()).toEqual({ status: 2, out: '', err: help() })
  })
})

describe('validate', () => {
  it('names the file that is empty', async () => {
    expect(await ran('validate', empty)).toEqual({
      status: 2,
      out: '',
      err: `${empty}: the file is empty; begin with packet-walk: 1 and network: flannel-vxlan\n`,
    })
  })
})
