import { says } from './sentence.ts'

const addressOfIt = (): string => 'choose an address of it'

/** What a kernel or AWS would refuse, or what finds nothing (validate.ts). */
export const TABLES = {
  'dev-twice': says(
    (name: string, row: number) => `a device is called ${name} already (row ${row})`,
    () => 'give it another name',
  ),
  'dev-address': says(
    (ip: string, owner: string) => `${ip} is on ${owner} already`,
    () => 'write it once',
  ),
  master: says(
    (master: string, netns: string, _there: string) => `master ${master} is no bridge of ${netns}`,
    (_master, _netns, there) => `bridges here: ${there}`,
  ),
  'master-kind': says(
    (kind: string) => `a ${kind} device cannot be a port of a bridge`,
    () => 'leave out master',
  ),
  'bridge-ports': says(
    (bridge: string, n: number, most: number) =>
      `${bridge} has ${n} ports, a bridge takes ${most}: the kernel says “Exchange full”`,
    () => 'put the rest elsewhere',
  ),
  'ipvlan-mode': says(
    (link: string, mode: string, other: string) =>
      `${link} has slaves in mode ${mode} and in mode ${other}: the mode is the master’s`,
    (_link, mode) => `write ${mode} in all of them`,
  ),
  'tun-held': says(
    (tun: string) => `no daemon holds ${tun}`,
    () => 'a TUN without one does not exist: add a row to daemons',
  ),
  'peer-missing': says(
    (dev: string, far: string, netns: string) =>
      `the other end of ${dev}, ${far} in ${netns}, does not exist`,
    (dev) => `add it or delete ${dev}`,
  ),
  'peer-other': says(
    (far: string, farNs: string, dev: string, _netns: string) =>
      `${far} in ${farNs} is not the other end of ${dev}`,
    (_far, _farNs, dev, netns) => `its peer must be ${dev} in ${netns}`,
  ),
  'no-vpc': says(
    (name: string) => `there is no VPC called ${name}`,
    () => 'name one that there is, or add it',
  ),
  'no-gateway': says(
    (vpc: string, id: string, _there: string) => `${vpc} has no gateway ${id}`,
    (_vpc, _id, there) => `it has ${there}`,
  ),
  'no-eni': says(
    (vpc: string, id: string, _there: string) => `${vpc} has no ENI ${id}`,
    (_vpc, _id, there) => `it has ${there}`,
  ),
  'eni-mac': says(
    (dev: string, mac: string, eni: string, its: string) =>
      `${dev} has MAC ${mac}, its ENI ${eni} has ${its}`,
    () => 'the VPC delivers to the ENI’s',
  ),
  'group-mac': says(
    (mac: string) => `${mac} is a group address`,
    () => 'a device needs one whose first byte is even',
  ),
  'mac-twice': says(
    (mac: string, owner: string, _dev: string) =>
      `${mac} is the MAC of ${owner} on the same segment`,
    (_mac, _owner, dev) => `give ${dev} another`,
  ),
  'no-device': says(
    (dev: string, netns: string, _there: string) => `there is no device ${dev} in ${netns}`,
    (_dev, _netns, there) => `there are ${there}`,
  ),
  'route-way': says(
    () => 'a route needs dev or via',
    () => 'write one of them',
  ),
  refused: says(
    (what: string, _remedy: string) => what,
    (_, remedy) => remedy,
  ),
  'no-tun': says(
    (dev: string, netns: string) => `${dev} is no TUN device of ${netns}`,
    () => 'add one, or delete the daemon',
  ),
  'rule-way': says(
    () => 'a rule asks a table or decides by itself',
    () => 'write one of table and action',
  ),
  'rule-suppress': says(
    () => 'suppressPrefixlength is about what a table answers, and this rule asks none',
    () => 'leave it out, or write table instead of action',
  ),
  'rule-ports': says(
    (key: string) => `${key} of what has no ports`,
    () => 'write ipproto: tcp or udp',
  ),
  'empty-table': says(
    (table: string) => `no route is in table ${table}`,
    () => 'the rule finds nothing',
  ),
  'next-hop': says(
    (via: string, dev: string) =>
      `Nexthop has invalid gateway: ${via} is on no connected prefix${dev === '' ? '' : ` of ${dev}`}`,
    () => 'add onlink, or a route to it with scope link',
  ),
  'no-chain': says(
    (table: string, chain: string) => `table ${table} has no chain ${chain}`,
    () => 'add it to chains',
  ),
  'no-hook': says(
    (table: string, chain: string, _there: string) => `table ${table} has no chain ${chain}`,
    (_table, _chain, there) => `it has ${there}`,
  ),
  'chain-twice': says(
    (table: string, chain: string, row: number) =>
      `table ${table} has the chain ${chain} already (row ${row})`,
    () => 'keep one of the two',
  ),
  'policy-missing': says(
    (chain: string) => `the built-in chain ${chain} has a policy`,
    () => 'write ACCEPT or DROP',
  ),
  'policy-user': says(
    (chain: string) =>
      `${chain} is no built-in chain, so it has no policy: iptables says “Bad built-in chain name”`,
    () => 'write null',
  ),
  'nat-drop': says(
    () =>
      'iptables says: The "nat" table is not intended for filtering, the use of DROP is therefore inhibited',
    () => 'drop in table filter',
  ),
  'jump-hook': says(
    (chain: string) => `nothing can jump to ${chain}, a built-in chain`,
    () => 'jump to a chain of your own',
  ),
  'target-table': says(
    (target: string, table: string, _right: string) =>
      `table ${table} takes no ${target}: the kernel says “Invalid argument”`,
    (target, _table, right) => `${target} belongs in table ${right}`,
  ),
  'target-hook': says(
    (target: string, hook: string, _right: string) =>
      `${target} would be reached from ${hook}: the kernel says “Invalid argument”`,
    (target, _hook, right) => `${target} works in ${right}`,
  ),
  'iif-hook': says(
    (chain: string) => `iptables says: Can't use -i with ${chain}`,
    () => 'leave out iif',
  ),
  'oif-hook': says(
    (chain: string) => `iptables says: Can't use -o with ${chain}`,
    () => 'leave out oif',
  ),
  'limit-iface': says(
    (chain: string) =>
      `a packet in ${chain} came in on no device: the kernel says “Invalid argument”`,
    () => 'leave out limitIfaceIn',
  ),
  'limit-iface-out': says(
    (chain: string) =>
      `where a packet in ${chain} leaves is not known yet: the kernel says “Invalid argument”`,
    () => 'leave out limitIfaceOut',
  ),
  'no-set': says(
    (name: string) => `iptables says: Set ${name} doesn't exist.`,
    () => 'add it to ipsets',
  ),
  'rpfilter-table': says(
    (table: string) => `table ${table} has no rpfilter: the kernel says “Invalid argument”`,
    () => 'write raw or mangle',
  ),
  'rpfilter-hook': says(
    (hook: string) =>
      `${hook} leads here, and rpfilter is asked where a packet comes in: the kernel says “Invalid argument”`,
    () => 'put it in PREROUTING, or in a chain that only PREROUTING jumps to',
  ),
  'weight-type': says(
    () => 'Linux says: Gateway, device and multipath can not be specified for this route type',
    () => 'leave out weight',
  ),
  'mac-hook': says(
    (hook: string) =>
      `${hook} leads here, where a packet has no sender of its frame: the kernel says “Invalid argument”`,
    () => 'ask for mac where a packet comes in: PREROUTING, INPUT, FORWARD',
  ),
  'physdev-output': says(
    () =>
      'which port a packet of OUTPUT leaves by is not known yet: the kernel says “Invalid argument”',
    () => 'leave out out and isOut, or ask in FORWARD or POSTROUTING',
  ),
  'physdev-not': says(
    (key: string) => `not names ${key}, which physdev does not ask`,
    () => 'write it, or take it out of not',
  ),
  'recent-seconds': says(
    (op: string) => `recent ${op} asks for no time: the kernel says “Invalid argument”`,
    () => 'leave out seconds, or write rcheck or update',
  ),
  'recent-reap': says(
    () => 'iptables says: recent: option "--reap" also requires "--seconds".',
    () => 'write seconds too',
  ),
  'limit-both': says(
    () =>
      'iptables says: option "--limit-iface-in" cannot be used together with "--limit-iface-out"',
    () => 'keep one of limitIfaceIn and limitIfaceOut',
  ),
  'limit-type': says(
    () =>
      'limitIfaceIn or limitIfaceOut stands alone: iptables says “you must specify --src-type or --dst-type”',
    () => 'write srcType or dstType',
  ),
  'ports-proto': says(
    (key: string) => `${key} without tcp or udp: iptables knows ports of these only`,
    () => 'write proto: tcp or udp, and not under not',
  ),
  'match-proto': says(
    (key: string, proto: string) => `${key} without ${proto}: only ${proto} has such`,
    (_, proto) => `write proto: ${proto}, and not under not`,
  ),
  'one-multiport': says(
    () => 'sports, dports and ports are of one multiport',
    () => 'keep one of them, or make two rules',
  ),
  'multiport-room': says(
    (most: number) => `multiport has room for ${most} ports, and a range takes that of two`,
    () => 'make two rules',
  ),
  'mss-how': says(
    () => 'TCPMSS either sets a number or clamps to the path',
    () => 'write one of mss and clampToPmtu',
  ),
  'mss-proto': says(
    () => 'TCPMSS without tcp: the kernel says “Invalid argument”',
    () => 'write proto: tcp and tcpFlags: SYN,RST SYN',
  ),
  'reset-proto': says(
    () => 'tcp-reset answers TCP only: the kernel says “Invalid argument”',
    () => 'write proto: tcp, and not under not',
  ),
  'not-nothing': says(
    (key: string) => `not says ${key}, which the rule does not have`,
    (key) => `write ${key}, or take it out of not`,
  ),
  'not-all': says(
    (key: string) =>
      `not ${key} of every address matches nothing: iptables says “Invalid argument” (legacy takes it)`,
    (key) => `take ${key} out of not, or the rule away`,
  ),
  'chain-loop': says(
    (way: string) =>
      `${way} is a loop: iptables says “Too many links” (legacy: “Too many levels of symbolic links”)`,
    () => 'delete one of the jumps',
  ),
  'chain-deep': says(
    (chain: string, n: number, most: number) =>
      `${chain} is jump ${n} in a row from a built-in chain; the kernel takes ${most}: iptables says “Too many links”`,
    () => 'jump less deep',
  ),
  'eni-subnet': says(
    (id: string, _there: string) => `there is no subnet ${id}`,
    (_, there) => `there are ${there}`,
  ),
  'eni-outside': says(
    (ip: string, subnet: string, range: string) => `${ip} is outside ${subnet} (${range})`,
    addressOfIt,
  ),
  'eni-address': says(
    (ip: string, owner: string) => `${ip} belongs to ${owner} already`,
    () => 'an address is on one ENI',
  ),
  'eni-group': says(
    (id: string, _there: string) => `security group ${id} has no rules`,
    (_, there) => `there are rules for ${there}`,
  ),
  'eni-attached': says(
    (dev: string, netns: string) => `it is attached to ${dev} in ${netns}, which does not exist`,
    () => 'add the device, or name another',
  ),
  'eni-trunk': says(
    (id: string, _there: string) => `there is no ${id} that can be a trunk`,
    (_, there) => `there are ${there}; a branch has none of its own`,
  ),
  'eni-trunk-attached': says(
    (id: string, dev: string, netns: string) => `its trunk ${id} is attached to ${dev} of ${netns}`,
    (_, dev, netns) => `write attached: { netns: ${netns}, dev: ${dev} }`,
  ),
  'eni-trunk-vlan': says(
    (vlan: number, trunk: string, twin: string) =>
      `VLAN ${vlan} of ${trunk} is that of ${twin} already`,
    () => 'take another; a trunk has 1 to 120 for pods',
  ),
  'subnet-outside': says(
    (range: string, vpc: string) => `${range} is outside the VPC ${vpc}`,
    () => 'choose a part of it',
  ),
  'subnet-routes': says(
    (id: string, _there: string) => `no route is in route table ${id}`,
    (_, there) => `there are ${there}`,
  ),
  'vpc-target': says(
    (id: string, _there: string) => `there is no ${id}`,
    (_, there) => `a target is ${there}`,
  ),
  'no-group': says(
    (id: string, _there: string) => `there is no security group ${id}`,
    (_, there) => `there are ${there}`,
  ),
  'no-outside-gateway': says(
    (id: string, _there: string) => `there is no gateway ${id}`,
    (_, there) => `there are ${there}`,
  ),
  'peering-overlap': says(
    (range: string, own: string) => `${range} overlaps ${own} of this VPC`,
    () => 'AWS peers no VPCs whose ranges overlap; name another range',
  ),
  'outside-peering': says(
    (ip: string, id: string, range: string) => `${ip} is not in ${range}, which ${id} leads to`,
    () => 'give the host an address of it',
  ),
} as const
