/* Every sentence about what a person wrote: what is wrong, and what would be right. Nothing else in the project words a problem of a file. */

type Part = string | number
interface Sentence<A extends readonly Part[]> {
  readonly wrong: (...args: A) => string
  readonly remedy: (...args: A) => string
  /** About the file as a whole: it may stand without a place in it. */
  readonly whole: boolean
}
const says = <A extends readonly Part[]>(wrong: (...args: A) => string, remedy: (...args: A) => string): Sentence<A> => ({ wrong, remedy, whole: false })
const ofFile = <A extends readonly Part[]>(wrong: (...args: A) => string, remedy: (...args: A) => string): Sentence<A> => ({ wrong, remedy, whole: true })

const outside = (): string => 'a host is outside, such as 203.0.113.10'
const ownRange = (): string => 'give it a range of its own'
const addressOfIt = (): string => 'choose an address of it'

/** The file: its form before its words. */
const FORM = {
  'too-large': ofFile((bytes: number, most: number) => `${bytes} bytes; a file has at most ${most}`, () => 'make it smaller, or write count instead of a list of nodes and pods'),
  'yaml-too-large': ofFile((bytes: number, most: number) => `${bytes} bytes of YAML; it has at most ${most}`, () => 'write JSON, which is read many times faster'),
  empty: ofFile(() => 'the file is empty', () => 'begin with packet-walk: 1 and network: flannel-vxlan'),
  'no-mapping': ofFile((x: string) => `${x} is all there is`, () => 'begin with packet-walk: 1 and network: flannel-vxlan'),
  'not-yaml': ofFile((what: string) => `this is neither YAML nor JSON: ${what}`, () => 'write YAML or JSON'),
  'two-documents': ofFile(() => 'a second document begins here', () => 'write one'),
  deep: ofFile(() => 'nested too deeply', () => 'no part of a file has more than a few levels'),
  aliases: ofFile((most: number) => `its aliases stand for more than ${most} values`, () => 'write the values out'),
  marks: ofFile((n: number) => `${n} tags, anchors and aliases`, () => 'write the values out'),
  'no-anchor': ofFile(() => 'an alias names no anchor', () => 'write the value out'),
  'key-twice': ofFile((key: string) => `the key ${key} stands here a second time`, () => 'keep one of the two'),
  'key-reserved': says((key: string) => `${key} is no key of any file`, () => 'leave it out'),
  'too-many': says((what: string, n: number, most: number) => `${n} ${what}; at most ${most} can be here`, () => 'leave the rest out'),
  'too-long': says((x: string, n: number, most: number) => `${x} has ${n} characters; at most ${most} can be here`, () => 'shorten it'),
  shape: says(() => 'this is not what belongs here', () => 'contract.md shows what does'),
} as const

/** Values, whatever they stand for. */
const VALUES = {
  'unknown-key': says((_keys: string) => 'unknown key', (keys) => `known here: ${keys}`),
  object: says((x: string, _keys: string) => `${x} stands where an object belongs`, (_, keys) => `write ${keys}`),
  missing: says((_keys: string) => 'missing', (keys) => `write it (keys here: ${keys})`),
  row: says((x: string) => `${x} stands where a row belongs`, () => 'write { key: value }'),
  list: says((x: string) => `${x} stands where a list belongs`, () => 'write [ … ]'),
  whole: says((x: string, what: string, _low: number, _high: number) => `${x} is no ${what}`, (_x, _what, low, high) => `write a whole number from ${low} to ${high}`),
  word: says((x: string, _words: string) => `${x} is not known here`, (_, words) => `write ${words}`),
  flag: says((x: string) => `${x} is neither true nor false`, () => 'write one of the two'),
  text: says((x: string) => `${x} is no text`, () => 'write a name'),
  blank: says(() => 'empty', () => 'write a name'),
  steering: says((x: string) => `${x} has characters that steer a terminal`, () => 'leave them out'),
  ipv4: says((x: string) => `${x} is no IPv4 address`, () => 'write four numbers from 0 to 255, such as 192.168.0.100'),
  cidr: says((x: string) => `${x} is no IPv4 prefix`, () => 'write an address and a length, such as 10.1.0.0/16'),
  'host-bits': says((x: string, _right: string) => `${x} has bits set behind its length`, (_, right) => `write ${right}`),
  mac: says((x: string) => `${x} is no MAC address`, () => 'write six pairs of lower-case hex digits, such as 02:42:0a:01:0f:02'),
  share: says((x: string) => `${x} is no probability`, () => 'write a number from 0 to 1'),
  'port-pair': says((x: string) => `${x} is no pair of ports`, () => 'write two ports, such as [8080, 8081]'),
  'port-order': says(() => 'the higher port stands first', () => 'write [low, high]'),
  device: says((x: string) => `${x} is no device name`, () => 'use 1 to 15 letters, digits, _, . and -, a letter, digit or _ first; all and default are the kernel’s'),
  pattern: says((x: string) => `${x} is no device name`, () => 'use 1 to 15 letters, digits, _, . and -, a letter, digit or _ first, and + at the end for all that begin so'),
  chain: says((x: string) => `${x} is no name of a chain`, () => 'use 1 to 28 letters, digits, _, . and -, a letter, digit or _ first'),
  'chain-target': says((x: string) => `${x} is a target: iptables says “chain name may not clash with target name”`, () => 'give the chain another name'),
  comment: says((x: string) => `${x} is no comment of a rule`, () => 'use 1 to 255 bytes on one line, without characters that steer a terminal'),
  space: says((x: string) => `${x} is no name of a namespace, node or VPC`, () => 'use 1 to 63 letters, digits, _, . and -, a letter, digit or _ first'),
  program: says((x: string) => `${x} is no name of a program`, () => 'use 1 to 63 letters, digits, _, . and -, a letter, digit or _ first'),
  'route-table': says((x: string) => `${x} is no routing table`, () => 'write main, local, default, or a number from 1 to 4294967295; a name of your own is in no rt_tables but yours'),
  id: says((x: string, _such: string) => `${x} is no id of AWS`, (_, such) => `write lower-case letters, -, then letters, digits, . and -, such as ${such}`),
  sg: says((x: string) => `${x} is no security group`, () => 'its id begins with sg-'),
  sysctl: says((x: string) => `${x} is no sysctl that the engine reads`, () => 'take one that contract.md lists, such as net.ipv4.ip_forward or net.ipv4.conf.all.rp_filter'),
} as const

/** Rows of a topology file or an edit. */
const ROW = {
  wire: says((x: string) => `${x} is no wire`, () => 'say which ENI or gateway of a VPC: { "vpc": "vpc", "eni": "eni-node-1-eth0" }'),
  'device-kind': says((x: string) => `${x} is no kind of device`, () => 'a device is of kind loopback, nic, veth, bridge, vxlan or tun'),
  target: says((x: string) => `${x} is no target`, () => 'a target is ACCEPT, DROP, RETURN, JUMP, MASQUERADE, SNAT, DNAT, MARK, CONNMARK or REJECT'),
  connmark: says((x: string) => `${x} is no op of CONNMARK`, () => 'write set, save or restore'),
  peer: says((x: string) => `${x} is no peer`, () => 'write a prefix, such as 0.0.0.0/0, or a group, such as sg-node'),
  'space-kind': says((x: string) => `${x} is no kind of space`, () => 'a space is of kind netns or vpc'),
  version: says((x: string) => `${x} is no version`, () => 'this program reads 1'),
  'space-twice': says((name: string, first: string) => `${name} is the name of ${first} already`, () => 'give it one of its own'),
} as const

/** What a kernel or AWS would refuse, or what finds nothing (validate.ts). */
const TABLES = {
  'dev-twice': says((name: string, row: number) => `a device is called ${name} already (row ${row})`, () => 'give it another name'),
  'dev-address': says((ip: string, owner: string, _dev: string) => `${ip} is on ${owner} already`, (_ip, _owner, dev) => `give ${dev} another address`),
  master: says((master: string, netns: string, _there: string) => `master ${master} is no bridge of ${netns}`, (_master, _netns, there) => `bridges here: ${there}`),
  'master-kind': says((kind: string) => `a ${kind} device cannot be a port of a bridge`, () => 'leave out master'),
  'bridge-ports': says((bridge: string, n: number, most: number) => `${bridge} has ${n} ports, a bridge takes ${most}: the kernel says “Exchange full”`, () => 'put the rest elsewhere'),
  'tun-held': says((tun: string) => `no daemon holds ${tun}`, () => 'a TUN without one does not exist: add a row to daemons'),
  'peer-missing': says((dev: string, far: string, netns: string) => `the other end of ${dev}, ${far} in ${netns}, does not exist`, (dev) => `add it or delete ${dev}`),
  'peer-other': says((far: string, farNs: string, dev: string, _netns: string) => `${far} in ${farNs} is not the other end of ${dev}`, (_far, _farNs, dev, netns) => `its peer must be ${dev} in ${netns}`),
  'no-vpc': says((name: string) => `there is no VPC called ${name}`, () => 'name one that there is, or add it'),
  'no-gateway': says((vpc: string, id: string, _there: string) => `${vpc} has no gateway ${id}`, (_vpc, _id, there) => `it has ${there}`),
  'no-eni': says((vpc: string, id: string, _there: string) => `${vpc} has no ENI ${id}`, (_vpc, _id, there) => `it has ${there}`),
  'eni-mac': says((dev: string, mac: string, eni: string, its: string) => `${dev} has MAC ${mac}, its ENI ${eni} has ${its}`, () => 'the VPC delivers to the ENI’s'),
  'group-mac': says((mac: string) => `${mac} is a group address`, () => 'a device needs one whose first byte is even'),
  'mac-twice': says((mac: string, owner: string, _dev: string) => `${mac} is the MAC of ${owner} on the same segment`, (_mac, _owner, dev) => `give ${dev} another`),
  'no-device': says((dev: string, netns: string, _there: string) => `there is no device ${dev} in ${netns}`, (_dev, _netns, there) => `there are ${there}`),
  'route-twice': says((table: string, dst: string, row: number) => `table ${table} has a route to ${dst} with this metric already (row ${row})`, () => 'change that one, or give this one another metric'),
  'route-way': says(() => 'a route needs dev or via', () => 'write one of them'),
  'no-tun': says((dev: string, netns: string) => `${dev} is no TUN device of ${netns}`, () => 'add one, or delete the daemon'),
  'empty-table': says((table: string) => `no route is in table ${table}`, () => 'the rule finds nothing'),
  'next-hop': says((via: string, dev: string) => `Nexthop has invalid gateway: ${via} is on no connected prefix${dev === '' ? '' : ` of ${dev}`}`, () => 'add onlink, or a route to it with scope link'),
  'no-chain': says((table: string, chain: string) => `table ${table} has no chain ${chain}`, () => 'add it to chains'),
  'no-hook': says((table: string, chain: string, _there: string) => `table ${table} has no chain ${chain}`, (_table, _chain, there) => `it has ${there}`),
  'chain-twice': says((table: string, chain: string, row: number) => `table ${table} has the chain ${chain} already (row ${row})`, () => 'keep one of the two'),
  'policy-missing': says((chain: string) => `the built-in chain ${chain} has a policy`, () => 'write ACCEPT or DROP'),
  'policy-user': says((chain: string) => `${chain} is no built-in chain, so it has no policy: iptables says “Bad built-in chain name”`, () => 'write null'),
  'nat-drop': says(() => 'iptables says: The "nat" table is not intended for filtering, the use of DROP is therefore inhibited', () => 'drop in table filter'),
  'jump-hook': says((chain: string) => `nothing can jump to ${chain}, a built-in chain`, () => 'jump to a chain of your own'),
  'target-table': says((target: string, table: string, _right: string) => `table ${table} takes no ${target}: the kernel says “Invalid argument”`, (target, _table, right) => `${target} belongs in table ${right}`),
  'target-hook': says((target: string, hook: string, _right: string) => `${target} would be reached from ${hook}: the kernel says “Invalid argument”`, (target, _hook, right) => `${target} works in ${right}`),
  'iif-hook': says((chain: string) => `iptables says: Can't use -i with ${chain}`, () => 'leave out iif'),
  'oif-hook': says((chain: string) => `iptables says: Can't use -o with ${chain}`, () => 'leave out oif'),
  'limit-iface': says((chain: string) => `a packet in ${chain} came in on no device: the kernel says “Invalid argument”`, () => 'leave out limitIfaceIn'),
  'limit-type': says(() => 'limitIfaceIn stands alone: iptables says “you must specify --src-type or --dst-type”', () => 'write srcType or dstType'),
  'ports-proto': says((key: string) => `${key} without tcp or udp: iptables knows ports of these only`, () => 'write proto: tcp or udp, and not under not'),
  'reset-proto': says(() => 'tcp-reset answers TCP only: the kernel says “Invalid argument”', () => 'write proto: tcp, and not under not'),
  'not-nothing': says((key: string) => `not says ${key}, which the rule does not have`, (key) => `write ${key}, or take it out of not`),
  'chain-loop': says((way: string) => `${way} is a loop: iptables says “Too many links” (legacy: “Too many levels of symbolic links”)`, () => 'delete one of the jumps'),
  'chain-deep': says((chain: string, n: number, most: number) => `${chain} is jump ${n} in a row from a built-in chain; the kernel takes ${most}: iptables says “Too many links”`, () => 'jump less deep'),
  'eni-subnet': says((id: string, _there: string) => `there is no subnet ${id}`, (_, there) => `there are ${there}`),
  'eni-outside': says((ip: string, subnet: string, range: string) => `${ip} is outside ${subnet} (${range})`, addressOfIt),
  'eni-address': says((ip: string, owner: string) => `${ip} belongs to ${owner} already`, () => 'an address is on one ENI'),
  'eni-group': says((id: string, _there: string) => `security group ${id} has no rules`, (_, there) => `there are rules for ${there}`),
  'eni-attached': says((dev: string, netns: string) => `it is attached to ${dev} in ${netns}, which does not exist`, () => 'add the device, or name another'),
  'subnet-outside': says((range: string, vpc: string) => `${range} is outside the VPC ${vpc}`, () => 'choose a part of it'),
  'subnet-routes': says((id: string, _there: string) => `no route is in route table ${id}`, (_, there) => `there are ${there}`),
  'vpc-target': says((id: string, _there: string) => `there is no ${id}`, (_, there) => `a target is ${there}`),
  'no-group': says((id: string, _there: string) => `there is no security group ${id}`, (_, there) => `there are ${there}`),
  'no-outside-gateway': says((id: string, _there: string) => `there is no gateway ${id}`, (_, there) => `there are ${there}`),
} as const

/** A cluster file. */
const CLUSTER = {
  name: says((x: string) => `${x} is no name`, () => 'use lower-case letters, digits, - and ., up to 63 characters'),
  listener: says((x: string) => `${x} is no listener`, () => 'write protocol and port, such as tcp/8080'),
  published: says((x: string) => `${x} is no published port`, () => 'write host and container port, such as "8080:80"'),
  ports: says((x: string) => `${x} are no ports`, () => 'write one, or two as [8080, 8081]'),
  'no-ports': says((proto: string) => `${proto} has no ports`, () => 'leave them out, or write tcp or udp'),
  'name-pattern': says((x: string) => `${x} is no pattern of names`, () => 'write {n} where the number goes, such as node-{n}; with number and pod a name has up to 63 characters'),
  op: says((x: string) => `${x} is no op`, () => 'write add, del or set'),
  'no-ranges': says((network: string) => `${network} leases no ranges to nodes`, () => 'leave it out, or choose a flannel network'),
  'no-cni0': says((network: string) => `${network} has no cni0`, () => 'leave it out, or choose a flannel network'),
  'only-count': says(() => 'only count makes nodes', () => 'write count, or leave it out'),
  'count-alone': says(() => 'count makes nodes, pods and their addresses', () => 'leave out one of the two'),
  'no-nodes': says(() => 'missing', () => 'list at least one node, or write count'),
  'special-range': says((range: string) => `no machine has an address of ${range}`, () => 'choose a private range, such as 10.1.0.0/16'),
  'special-address': says((ip: string) => `no machine has the address ${ip}`, () => 'choose another, such as 203.0.113.10'),
  'host-in-vpc': says((ip: string, vpc: string) => `${ip} is inside the VPC ${vpc}`, outside),
  'host-in-pods': says((ip: string, range: string) => `${ip} is inside podCidr ${range}`, outside),
  'host-in-counted': says((ip: string) => `${ip} is inside 10.0.0.0/8, where the pods are`, outside),
  'host-in-services': says((ip: string, range: string) => `${ip} is inside serviceCidr ${range}`, outside),
  'host-in-docker': says((ip: string, range: string) => `${ip} is inside docker0’s ${range}`, outside),
  'host-is-node': says((ip: string, node: string) => `${ip} is the public address of ${node}`, () => 'give it an address of its own'),
  'host-clash': says((name: string) => `${name} has the name or the range of a node`, () => 'give it its own'),
  'docker-range': says((range: string, vpc: string) => `${vpc} overlaps docker0’s ${range}, which every Docker host has`, () => 'choose another range for the VPC, such as 192.168.0.0/16'),
  'no-groups': says(() => 'an ENI carries at least one', () => 'list one, or leave the key out'),
  'unknown-group': says((id: string, _there: string) => `no group is called ${id}`, (_, there) => `there are ${there}`),
  'small-subnet': says((range: string) => `${range} is too small`, () => 'a subnet has at most /28'),
  'range-outside-vpc': says((range: string, vpc: string) => `${range} is outside the VPC ${vpc}`, () => 'choose a part of it'),
  'range-outside-pods': says((range: string, pods: string) => `${range} is outside podCidr ${pods}`, () => 'choose a part of it'),
  'small-range': says((range: string) => `${range} is too small for a bridge and a pod`, () => 'make it /30 or larger'),
  'no-range-left': says((range: string) => `podCidr ${range} has no /24 left`, () => 'make it larger'),
  overlap: says((range: string, other: string) => `${range} overlaps ${other}`, ownRange),
  'unknown-subnet': says((name: string, _there: string) => `no subnet is called ${name}`, (_, there) => `there are ${there}`),
  'in-no-subnet': says((ip: string, _there: string) => `${ip} is in no subnet`, (_, there) => `choose an address of ${there}`),
  'outside-subnet': says((ip: string, subnet: string, range: string) => `${ip} is outside subnet ${subnet} (${range})`, addressOfIt),
  'subnet-reserved': says((ip: string, range: string, _first: string) => `${ip} is one of the five that AWS keeps in ${range}`, (_ip, _range, first) => `choose ${first} or a later one`),
  'subnet-full': says((subnet: string, range: string) => `subnet ${subnet} (${range}) has no address left`, () => 'make it larger'),
  'subnet-full-eni': says((subnet: string, range: string) => `subnet ${subnet} (${range}) has no address left for a second ENI`, () => 'make it larger'),
  twice: says((value: string, first: string, _what: string) => `${value} is ${first} already`, (_value, _first, what) => `give it ${what} of its own`),
  'unknown-node': says((name: string, _there: string) => `no node is called ${name}`, (_, there) => `there are ${there}`),
  'range-full': says((range: string, node: string) => `${range} has no address left for another pod on ${node}`, () => 'put it on another node'),
  'outside-range': says((ip: string, node: string, range: string) => `${ip} is outside ${node}’s range ${range}`, addressOfIt),
  'range-reserved': says((ip: string, whose: string, range: string, _first: string) => `${ip} is ${whose} in ${range}`, (_ip, _whose, _range, first) => `choose ${first} or a later one`),
  'no-pod-eni': says((network: string) => `${network} gives pods no addresses of an ENI`, () => 'leave it out, or choose vpc-cni'),
  'one-eni': says((network: string) => `${network} uses one ENI`, () => 'leave it out, or choose vpc-cni'),
  'no-publish': says((network: string) => `${network} publishes no ports`, () => 'leave it out, or choose docker-bridge, or a flannel network with bridge: cni0'),
  'counted-pods': says((count: number, each: number, all: number, most: number) => `${count} nodes with ${each} pods each have ${all}; a cluster has at most ${most} pods`, () => 'take fewer'),
  'no-kube-proxy': says(() => 'docker-bridge has no kube-proxy', () => 'leave it out, or choose another network'),
  'service-range': says((range: string, other: string, value: string) => `${range} overlaps ${other} ${value}`, ownRange),
  'service-full': says((range: string) => `serviceCidr ${range} has no address left`, () => 'make it larger'),
  'service-in-pods': says((ip: string, range: string, _services: string) => `${ip} is inside the pod range ${range}`, (_ip, _range, services) => `choose an address of serviceCidr ${services}`),
  'service-in-vpc': says((ip: string, range: string, _services: string) => `${ip} is inside the VPC ${range}`, (_ip, _range, services) => `choose an address of serviceCidr ${services}`),
  'service-outside': says((ip: string, range: string) => `${ip} is outside serviceCidr ${range}`, addressOfIt),
  'service-edge': says((ip: string, which: string, range: string) => `${ip} is the ${which} of serviceCidr ${range} and not given out`, () => 'choose another'),
  'service-address': says((name: string, ip: string, first: string) => `${name} has ${ip} in ${first}`, () => 'a Service has one address, so write that or another name'),
  'port-name': says((_name: string) => 'missing', (name) => `${name} has several ports, so each needs a name, such as http`),
  'unknown-pod': says((name: string, _there: string) => `no pod is called ${name}`, (_, there) => `there are ${there}`),
} as const

/** Edits of a cluster file, or of a link. */
const EDITS = {
  'edit-space': says((name: string, _there: string) => `there is no namespace or VPC called ${name}`, (_, there) => `there are ${there}`),
  'edit-table': says((table: string, _there: string) => `there is no table ${table}`, (_, there) => `there are ${there}`),
  'edit-foreign-table': says((what: string, table: string, _there: string) => `a ${what} has no table ${table}`, (_what, _table, there) => `it has ${there}`),
  'edit-key': says((table: string, _keys: string) => `${table} has no such field`, (_, keys) => `it has ${keys}`),
  'edit-where': says(() => 'where names nothing, so any row would be meant', () => 'write fields that name one row'),
  'edit-to': says(() => 'to changes nothing', () => 'write the fields that change'),
  'edit-misfit': says((what: string, _remedy: string) => what, (_, remedy) => remedy),
} as const

export const SENTENCES = { ...FORM, ...VALUES, ...ROW, ...TABLES, ...CLUSTER, ...EDITS } as const
export type Code = keyof typeof SENTENCES
