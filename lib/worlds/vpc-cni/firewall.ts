import type { Cidr } from '#lib/wire/addr.ts'
import type { Node } from '#lib/worlds/cluster/spec.ts'
import type { Era, Settings } from './eras.ts'

/* What the plugin writes into the firewall, as iptables-save prints it. */

const MAIN = '-m comment --comment "AWS, primary ENI"'
const restore = (iif: string): string =>
  `-A PREROUTING -i ${iif} ${MAIN} -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80`

/** What comes in for the node on eth0 is marked, and what its pods answer has the mark again. */
function mangle({ nodePort }: Era): readonly string[] {
  if (nodePort === null) return []
  return [
    '*mangle',
    `-A PREROUTING -i eth0 ${MAIN} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80`,
    restore('eni+'),
    ...(nodePort.vlan ? [restore('vlan+')] : []),
  ]
}

/** What a pod begins to say to somebody outside is marked (iptables_connmark.go). */
function connmark(ranges: readonly Cidr[]): readonly string[] {
  return [
    ':AWS-CONNMARK-CHAIN-0 - [0:0]',
    '-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
    '-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ...ranges.map(
      (r) => `-A AWS-CONNMARK-CHAIN-0 -d ${r} -m comment --comment "AWS CONNMARK CHAIN" -j RETURN`,
    ),
    '-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80',
  ]
}

/** Is it for somebody else than this machine, it goes on as if eth0 had sent it. */
const SNAT = '-m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source'

/** v1.0: one rule, which excepts the VPC's own range. */
function oneRule(n: Node): readonly string[] {
  return [`-A POSTROUTING ! -d ${n.vpc} ${SNAT} ${n.ip}`]
}

/** v1.3: a chain that leads on what is not for the range, and at the end of the ladder the rule. The comment is spelled as the plugin spelled it. */
function ladder(n: Node, external: boolean): readonly string[] {
  const says = '-m comment --comment "AWS SNAT CHAN"'
  const rung = (i: number): string => `AWS-SNAT-CHAIN-${i}`
  return [
    ...[...n.ranges.keys(), n.ranges.length].map((i) => `:${rung(i)} - [0:0]`),
    ...(external
      ? []
      : [
          `-A POSTROUTING ${says} -j ${rung(0)}`,
          ...n.ranges.map((r, i) => `-A ${rung(i)} ! -d ${r} ${says} -j ${rung(i + 1)}`),
          `-A ${rung(n.ranges.length)} ${SNAT} ${n.ip}`,
        ]),
  ]
}

/** v1.23 (buildIptablesSNATRules): one chain, with a RETURN for each range that stays as it is. Without translation it is there, and empty. */
function oneChain(n: Node, { external, excluded }: Settings): readonly string[] {
  const says = (more: string): string => `-m comment --comment "AWS SNAT CHAIN${more}"`
  return [
    ':AWS-SNAT-CHAIN-0 - [0:0]',
    ...(external
      ? []
      : [
          `-A POSTROUTING ${says('')} -j AWS-SNAT-CHAIN-0`,
          ...excluded.map((r) => `-A AWS-SNAT-CHAIN-0 -d ${r} ${says(' EXCLUSION')} -j RETURN`),
          ...n.ranges.toReversed().map((r) => `-A AWS-SNAT-CHAIN-0 -d ${r} ${says('')} -j RETURN`),
          `-A AWS-SNAT-CHAIN-0 ! -o vlan+ ${SNAT} ${n.ip} --random-fully`,
        ]),
  ]
}

/** The rules of one node. */
export function firewall(n: Node, o: Settings): string {
  const { era, external, excluded } = o
  const translates = {
    rule: () => (external ? [] : oneRule(n)),
    ladder: () => ladder(n, external),
    chain: () => oneChain(n, o),
  }[era.snat]()
  return [
    ...mangle(era),
    '*nat',
    // What is inserted at the first place later stands before what was there.
    ...(era.connmark && !external ? connmark([...excluded, ...n.ranges.toReversed()]) : []),
    ...translates,
  ].join('\n')
}
