import { describe, expect, it } from 'vitest'
import { command } from '#lib/topology/command.ts'
import { ruleText } from '#lib/topology/tables/netfilter/row.ts'
import type { Edit } from '#lib/topology/edit.ts'
import { parseIptables } from '#lib/topology/iptables.ts'
import type { NfRule } from '#lib/topology/rows.ts'
import { spaces } from '#lib/topology/topology.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const vxlan = SCENARIOS['flannel-vxlan']!.topology
describe('command', () => {
  it.each<[Edit, string]>([
    [
      { op: 'del', in: 'node-1', table: 'routes', where: { dst: '10.1.20.0/24' } },
      'ip route del 10.1.20.0/24 via 10.1.20.0 dev flannel.1  # node-1',
    ],
    [
      {
        op: 'set',
        in: 'node-1',
        table: 'routes',
        where: { dst: '10.1.20.0/24' },
        to: { mtu: 1400 },
      },
      'ip route replace 10.1.20.0/24 via 10.1.20.0 dev flannel.1 onlink mtu 1400  # node-1',
    ],
    [
      { op: 'del', in: 'node-1', table: 'fdb', where: { dst: '192.168.0.200' } },
      'bridge fdb del 5a:00:00:00:14:00 dev flannel.1 dst 192.168.0.200 self  # node-1',
    ],
    [
      { op: 'del', in: 'node-1', table: 'neigh', where: { ip: '10.1.20.0' } },
      'ip neigh del 10.1.20.0 dev flannel.1  # node-1',
    ],
    [
      { op: 'set', in: 'node-1', table: 'devs', where: { name: 'eth0' }, to: { mtu: 9001 } },
      'ip link set dev eth0 mtu 9001  # node-1',
    ],
    [
      {
        op: 'set',
        in: 'node-1',
        table: 'sysctls',
        where: { key: 'net.ipv4.ip_forward' },
        to: { value: 0 },
      },
      'sysctl -w net.ipv4.ip_forward=0  # node-1',
    ],
    [
      {
        op: 'set',
        in: 'node-1',
        table: 'chains',
        where: { table: 'filter', chain: 'FORWARD' },
        to: { policy: 'DROP' },
      },
      'iptables -P FORWARD DROP  # node-1',
    ],
    [
      {
        op: 'del',
        in: 'node-1',
        table: 'netfilter',
        where: { chain: 'FORWARD', comment: 'flanneld forward' },
      },
      'iptables -D FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD  # node-1',
    ],
    [
      {
        op: 'set',
        in: 'vpc',
        table: 'enis',
        where: { id: 'eni-node-1-eth0' },
        to: { sourceDestCheck: false },
      },
      'aws ec2 modify-network-interface-attribute --network-interface-id eni-node-1-eth0 --no-source-dest-check',
    ],
    [
      {
        op: 'del',
        in: 'vpc',
        table: 'sgRules',
        where: { group: 'sg-node', direction: 'ingress', peer: 'sg-node' },
      },
      'aws ec2 revoke-security-group-ingress --group-id sg-node --protocol all --source-group sg-node',
    ],
  ])('%j', (edit, line) => expect(command(edit, vxlan)).toBe(line))

  it('has one line without "undefined" for every edit of every what-if, with and without the topology', () => {
    for (const s of Object.values(SCENARIOS))
      for (const w of Object.values(s.whatIfs))
        for (const e of w.edits) {
          for (const line of [command(e), command(e, s.topology)])
            expect(line, JSON.stringify(e)).not.toMatch(/undefined|\n/)
        }
  })
})

/** The kernel keeps one operation for marks, and 31 bits of a probability. */
function asKept(r: NfRule): NfRule {
  const target =
    r.target.type === 'MARK' && r.target.op !== 'set'
      ? { ...r.target, op: 'set' as const, mask: r.target.op === 'or' ? r.target.value : 0 }
      : r.target
  return {
    ...r,
    target,
    ...(r.statistic === undefined
      ? {}
      : {
          statistic: {
            probability: Number(
              (Math.round(r.statistic.probability * 2 ** 31) / 2 ** 31).toFixed(11),
            ),
          },
        }),
  }
}

describe('ruleText', () => {
  it('says what iptables-save says', () => {
    expect(
      ruleText({
        table: 'nat',
        chain: 'FLANNEL-POSTRTG',
        src: '10.1.15.0/24',
        dst: '10.1.0.0/16',
        comment: 'flanneld masq',
        target: { type: 'RETURN' },
      }),
    ).toBe(
      '-A FLANNEL-POSTRTG -s 10.1.15.0/24 -d 10.1.0.0/16 -m comment --comment "flanneld masq" -j RETURN',
    )
  })
  it.each<[NfRule['target'], string]>([
    [{ type: 'MARK', op: 'set', value: 0x4000, mask: 0x4000 }, '-j MARK --set-xmark 0x4000/0x4000'],
    [{ type: 'MARK', op: 'or', value: 0x4000, mask: 0x4000 }, '-j MARK --set-xmark 0x4000/0x4000'],
    [{ type: 'MARK', op: 'xor', value: 0x4000, mask: 0 }, '-j MARK --set-xmark 0x4000/0x0'],
    [{ type: 'MARK', op: 'and', value: 0xffffbfff, mask: 0 }, '-j MARK --set-xmark 0x0/0x4000'],
    [
      { type: 'REJECT', with: 'icmp-port-unreachable' },
      '-j REJECT --reject-with icmp-port-unreachable',
    ],
    [{ type: 'DNAT', to: '10.1.20.3', port: 8080 }, '-j DNAT --to-destination 10.1.20.3:8080'],
  ])('target %j', (target, text) =>
    expect(ruleText({ table: 'nat', chain: 'X', target })).toBe(`-A X ${text}`),
  )
  it('is read back as a row that says the same, for every rule of every world', () => {
    for (const s of Object.values(SCENARIOS))
      for (const n of spaces(s.topology).filter((x) => x.kind === 'netns'))
        for (const r of n.netfilter)
          expect(parseIptables(`*${r.table}\n${ruleText(r)}`).netfilter[0]).toEqual(asKept(r))
  })
})
