import { agreed, one, type Case } from './small.ts'

/* Rules that ask who sent a frame, for whom it was and by which ports of a bridge; and rules that ask how many have come. a and b are on docker0 of n1. */

const rule = (match: string, target = 'DROP'): string =>
  `{ op: add, in: n1, table: netfilter, row: { table: mangle, ${match}, target: { type: ${target} } } }`
const [A, DOCKER0] = ['02:42:ac:11:00:02', '02:42:aa:00:00:01']
const asked = (
  match: string,
  ends: string,
  { to = 'b', from = 'a', also = '' }: { to?: string; from?: string; also?: string } = {},
): Case => ({
  what: `${match}, from ${from} to ${to}`,
  file: one('docker-bridge', rule(match) + also),
  ask: { from, to },
  ends,
})
const DROPPED = 'netfilter in n1'
const UP = { to: '172.17.0.1' }
const PORTS = 'in: veth0, out: veth1'
agreed([
  asked(`chain: FORWARD, mac: "${A}"`, DROPPED),
  asked(`chain: FORWARD, mac: "${A}", not: [mac], proto: icmp`, DROPPED),
  asked(`chain: INPUT, mac: "${DOCKER0}"`, 'delivered', UP),
  asked('chain: PREROUTING, iif: docker0, pkttype: unicast', DROPPED),
  asked('chain: FORWARD, pkttype: unicast, not: [pkttype]', 'delivered'),
  asked('chain: OUTPUT, pkttype: unicast', DROPPED, UP),
  asked(`chain: FORWARD, physdev: { ${PORTS}, isBridged: true }`, DROPPED),
  asked(`chain: POSTROUTING, physdev: { ${PORTS} }`, DROPPED),
  asked('chain: PREROUTING, iif: docker0, physdev: { isOut: true }', 'delivered'),
  asked('chain: PREROUTING, iif: docker0, physdev: { isBridged: true, not: [isBridged] }', DROPPED),
  asked('chain: INPUT, physdev: { in: veth+ }', DROPPED, UP),
  asked('chain: INPUT, physdev: { in: veth1 }', 'delivered', UP),
  asked('chain: OUTPUT, physdev: { in: veth0, not: [in] }', DROPPED, UP),
  asked('chain: FORWARD, limit: { rate: 1/hour, burst: 1 }', DROPPED),
  {
    ...asked('', ''),
    what: 'the answer finds the bucket empty',
    file: one(
      'docker-bridge',
      `${rule('chain: FORWARD, limit: { rate: 1/hour, burst: 1 }', 'ACCEPT')}, ${rule('chain: FORWARD')}`,
    ),
    ends: DROPPED,
  },
  {
    ...asked('', ''),
    what: 'the bucket has two',
    file: one(
      'docker-bridge',
      `${rule('chain: FORWARD, limit: { rate: 1/hour, burst: 2 }', 'ACCEPT')}, ${rule('chain: FORWARD')}`,
    ),
    ends: 'delivered',
  },
])
