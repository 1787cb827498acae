import { describe, expect, it } from 'vitest'
import { applyAll } from '#lib/topology/apply.ts'
import { command } from '#lib/topology/command.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { validate } from '#lib/topology/validate.ts'
import { tableAsTool } from '#lib/analysis/print/tools.ts'
import { netns } from '#lib/topology/topology.ts'
import { tunnelLab } from '../verify/tunnel-lab.ts'
import { TUNNELS, type TunnelName } from '../verify/tunnel-rows.ts'

/* What one types for tunnel devices, what `ip` prints of them, and what Linux 6.1 with iproute2 6.1 refuses of them, in its words. */

const lab = (tunnel: TunnelName) => tunnelLab(TUNNELS[tunnel].row)
const add = (row: object): Edit => ({ op: 'add', in: 'a', table: 'devs', row: row as never })
const set = (name: string, to: object): Edit => ({
  op: 'set',
  in: 'a',
  table: 'devs',
  where: { name },
  to: to as never,
})
const LINK = { mac: '02:00:00:00:00:77', mtu: 1400, up: true, addrs: ['10.9.9.1/24'] } as const
const ENDS = { local: '192.168.9.1', remote: '192.168.10.9' } as const

describe('a command', () => {
  it.each([
    [
      { kind: 'ipip', name: 't1', ...ENDS, ttl: 64, tos: 'inherit' },
      'ip link add name t1 mtu 1400 type ipip local 192.168.9.1 remote 192.168.10.9 ttl 64 tos inherit',
    ],
    [{ kind: 'ipip', name: 'tunl0' }, 'modprobe ipip && ip link set dev tunl0 mtu 1400'],
    [
      { kind: 'gre', name: 't1', ...ENDS, key: 42, csum: true, pmtudisc: false },
      'ip link add name t1 mtu 1400 type gre local 192.168.9.1 remote 192.168.10.9 nopmtudisc key 42 csum',
    ],
    [
      { kind: 'gretap', name: 't1', remote: ENDS.remote },
      'ip link add name t1 address 02:00:00:00:00:77 mtu 1400 type gretap remote 192.168.10.9',
    ],
    [
      {
        kind: 'geneve',
        name: 't1',
        vni: 7,
        remote: ENDS.remote,
        port: 6081,
        ttl: 'inherit',
        df: 'set',
      },
      'ip link add name t1 address 02:00:00:00:00:77 mtu 1400 type geneve id 7 remote 192.168.10.9 ttl inherit df set dstport 6081',
    ],
    [
      { kind: 'dummy', name: 't1' },
      'ip link add name t1 address 02:00:00:00:00:77 mtu 1400 type dummy',
    ],
  ])('makes %o', (row, makes) => {
    const { name } = row as { readonly name: string }
    expect(command(add({ ...LINK, ...row }))).toBe(
      `${makes} && ip addr add 10.9.9.1/24 dev ${name} && ip link set dev ${name} up  # a`,
    )
  })
  it.each([
    ['ipip', { remote: '192.168.10.9' }, 'ip link set dev tun1 type ipip remote 192.168.10.9'],
    ['ipip ttl 64', { ttl: undefined }, 'ip link set dev tun1 type ipip ttl inherit'],
    ['nvgre', { tos: 'inherit' }, 'ip link set dev tun1 type gretap tos inherit'],
    ['geneve df set', { df: undefined }, 'ip link set dev tun1 type geneve df unset'],
    [
      'geneve',
      { remote: '192.168.10.9', ttl: 9 },
      'ip link set dev tun1 type geneve remote 192.168.10.9 ttl 9',
    ],
  ] as const)('changes %s: %o', (tunnel, to, changes) => {
    expect(command(set('tun1', to), lab(tunnel))).toBe(`${changes}  # a`)
  })
  it('makes again what cannot be changed', () => {
    expect(command(set('tun1', { key: 7 }), lab('nvgre'))).toContain(
      'ip link del dev tun1 && ip link add name tun1 address 02:00:00:00:00:01 mtu 1458 type gretap local 192.168.9.1 remote 192.168.10.2 key 7',
    )
  })
})

it.each([
  [
    'ipip',
    'tun1: mtu 1480 ipip state UNKNOWN link/ipip 192.168.9.1 peer 192.168.10.2 inet 10.8.0.1/30',
  ],
  ['tunl0', 'tunl0: mtu 1480 ipip state UNKNOWN link/ipip 0.0.0.0 brd 0.0.0.0 inet 10.8.0.1/32'],
  [
    'gre',
    'tun1: mtu 1476 gre state UNKNOWN link/gre 192.168.9.1 peer 192.168.10.2 inet 10.8.0.1/30',
  ],
  ['nvgre', 'tun1: mtu 1458 gretap state UNKNOWN link/ether 02:00:00:00:00:01 inet 10.8.0.1/30'],
  ['geneve', 'tun1: mtu 1450 geneve state UNKNOWN link/ether 02:00:00:00:00:01 inet 10.8.0.1/30'],
] as const)('ip addr of %s', (tunnel, line) => {
  const lines = tableAsTool(netns(lab(tunnel), 'a')!, 'devs').lines.map((l) => l.text)
  expect(lines).toContain(line)
})

describe('Linux refuses', () => {
  const bare = { ...LINK, mac: '00:00:00:00:00:00', addrs: [] }
  it.each([
    [
      'a second tunnel of one kind between two ends',
      'ipip',
      add({ ...bare, kind: 'ipip', name: 't2', local: '192.168.9.1', remote: '192.168.10.2' }),
      /File exists: tun1 has these ends already/,
    ],
    [
      'the same with this key',
      'gre key csum',
      add({
        ...bare,
        kind: 'gre',
        name: 't2',
        local: '192.168.9.1',
        remote: '192.168.10.2',
        key: 42,
      }),
      /File exists: tun1 has these ends and this key/,
    ],
    [
      'a tunnel without ends that is not tunl0',
      'ipip',
      add({ ...bare, kind: 'ipip', name: 't2' }),
      /File exists: .* tunl0, which the module makes/,
    ],
    [
      'a change of tunl0',
      'tunl0',
      set('tunl0', { pmtudisc: true }),
      /Invalid argument: nobody changes pmtudisc of tunl0/,
    ],
    [
      'a tunnel that loses its remote',
      'ipip',
      set('tun1', { remote: undefined }),
      /Invalid argument: tun1 has a remote/,
    ],
    [
      'IP in IP with a TTL of its own and nopmtudisc',
      'ipip',
      set('tun1', { ttl: 9, pmtudisc: false }),
      /ttl != 0 and nopmtudisc are incompatible/,
    ],
    [
      'to delete tunl0',
      'tunl0',
      { op: 'del', in: 'a', table: 'devs', where: { name: 'tunl0' } },
      /Operation not supported: tunl0 is there as long/,
    ],
    [
      'a second Geneve of one VNI to one end',
      'geneve',
      add({ ...LINK, kind: 'geneve', name: 't2', vni: 7, remote: '192.168.10.2', port: 6081 }),
      /Device or resource busy: tun1/,
    ],
  ] as const)('%s', (_, tunnel, edit, says) => {
    expect(() => applyAll(lab(tunnel), [edit as Edit])).toThrow(says)
  })
  it('nothing of other keys, kinds and ends', () => {
    const t = applyAll(lab('gre'), [
      add({
        ...bare,
        kind: 'gre',
        name: 't2',
        local: '192.168.9.1',
        remote: '192.168.10.2',
        key: 42,
      }),
      add({
        ...LINK,
        kind: 'gretap',
        name: 't3',
        local: '192.168.9.1',
        remote: '192.168.10.2',
        addrs: [],
      }),
      add({ ...bare, kind: 'ipip', name: 't4', local: '192.168.9.1', remote: '192.168.10.2' }),
      add({ ...bare, kind: 'ipip', name: 'tunl0' }),
    ])
    expect(validate(t)).toEqual([])
  })
})
