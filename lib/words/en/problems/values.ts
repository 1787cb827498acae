import { says } from './sentence.ts'
import { NUMBERS, type NumberOf } from './things.ts'

/** Values, whatever they stand for. */
export const VALUES = {
  'unknown-key': says(
    (_keys: string) => 'unknown key',
    (keys) => `known here: ${keys}`,
  ),
  object: says(
    (x: string, _keys: string) => `${x} stands where an object belongs`,
    (_, keys) => `write ${keys}`,
  ),
  missing: says(
    (_keys: string) => 'missing',
    (keys) => `write it (keys here: ${keys})`,
  ),
  row: says(
    (x: string) => `${x} stands where a row belongs`,
    () => 'write { key: value }',
  ),
  list: says(
    (x: string) => `${x} stands where a list belongs`,
    () => 'write [ … ]',
  ),
  whole: says(
    (x: string, what: NumberOf, _low: number, _high: number) => `${x} is no ${NUMBERS[what]}`,
    (_x, _what, low, high) => `write a whole number from ${low} to ${high}`,
  ),
  'port-range': says(
    (x: string) => `${x} is neither a port nor a range of ports`,
    () => 'write a number from 0 to 65535, or two such as 8080:8090, the lower one first',
  ),
  'address-range': says(
    (x: string) => `${x} is no range of addresses`,
    () => 'write two, the lower one first, such as 10.0.0.4-10.0.0.9',
  ),
  rate: says(
    (x: string) => `${x} is no rate`,
    () =>
      'write so many in a time, such as 10/min: sec, min, hour or day, and 10,000 a second at the most',
  ),
  'physdev-none': says(
    () => 'iptables says: PHYSDEV: no physdev option specified',
    () => 'write in, out, isIn, isOut or isBridged',
  ),
  'set-name': says(
    (x: string) => `${x} is no name of a set`,
    () =>
      'write up to 31 letters, digits, dots, colons, dashes and underscores, the first of them a letter or a digit',
  ),
  'list-name': says(
    (x: string) => `${x} is no name of a list`,
    () =>
      'write up to 199 letters, digits, dots, dashes and underscores, the first of them a letter or a digit',
  ),
  'set-range': says(
    (x: string) => `${x} is no range of ports`,
    () => 'write two, the lower one first, such as 30000-32767',
  ),
  'set-flags': says(
    (x: string) => `${x} says not whose address or port is looked up`,
    () => 'write src and dst, one for each part of an entry: dst,dst',
  ),
  'set-entry': says(
    (x: string) => `${x} is no entry of a set`,
    () => 'write it as ipset prints it, such as 10.96.0.10,tcp:80',
  ),
  'icmp-type': says(
    (x: string) => `${x} is no type of ICMP`,
    () => 'write its number, and its code if that counts: 8 or 3/4',
  ),
  'tcp-flags': says(
    (x: string) => `${x} says no flags of TCP`,
    () => 'write which are looked at and which of them are set, such as SYN,RST SYN',
  ),
  'log-prefix': says(
    (x: string, _most: number) => `${x} cannot stand before a line of a log here`,
    (_, most) => `write up to ${most} letters, digits, blanks and signs that a shell leaves alone`,
  ),
  'only-true': says(
    () => 'false says nothing here',
    () => 'write true, or leave it out',
  ),
  word: says(
    (x: string, _words: string) => `${x} is not known here`,
    (_, words) => `write ${words}`,
  ),
  flag: says(
    (x: string) => `${x} is neither true nor false`,
    () => 'write one of the two',
  ),
  text: says(
    (x: string) => `${x} is no text`,
    () => 'write a name',
  ),
  blank: says(
    () => 'empty',
    () => 'write a name',
  ),
  steering: says(
    (x: string) => `${x} has characters that steer a terminal`,
    () => 'leave them out',
  ),
  ipv4: says(
    (x: string) => `${x} is no IPv4 address`,
    () => 'write four numbers from 0 to 255, such as 192.168.0.100',
  ),
  cidr: says(
    (x: string) => `${x} is no IPv4 prefix`,
    () => 'write an address and a length, such as 10.1.0.0/16',
  ),
  'host-bits': says(
    (x: string, _right: string) => `${x} has bits set behind its length`,
    (_, right) => `write ${right}`,
  ),
  mac: says(
    (x: string) => `${x} is no MAC address`,
    () => 'write six pairs of lower-case hex digits, such as 02:42:0a:01:0f:02',
  ),
  share: says(
    (x: string) => `${x} is no probability`,
    () => 'write a number from 0 to 1',
  ),
  'port-pair': says(
    (x: string) => `${x} is no pair of ports`,
    () => 'write two ports, such as [8080, 8081]',
  ),
  'port-order': says(
    () => 'the higher port stands first',
    () => 'write [low, high]',
  ),
  device: says(
    (x: string) => `${x} is no device name`,
    () =>
      'use 1 to 15 letters, digits, _, . and -, a letter, digit or _ first; all and default are the kernel’s',
  ),
  pattern: says(
    (x: string) => `${x} is no device name`,
    () =>
      'use 1 to 15 letters, digits, _, . and -, a letter, digit or _ first, and + at the end for all that begin so',
  ),
  chain: says(
    (x: string) => `${x} is no name of a chain`,
    () => 'use 1 to 28 letters, digits, _, . and -, a letter, digit or _ first',
  ),
  'chain-target': says(
    (x: string) => `${x} is a target: iptables says “chain name may not clash with target name”`,
    () => 'give the chain another name',
  ),
  comment: says(
    (x: string) => `${x} is no comment of a rule`,
    () => 'use 1 to 255 bytes on one line, without characters that steer a terminal',
  ),
  space: says(
    (x: string) => `${x} is no name of a namespace, node or VPC`,
    () => 'use 1 to 63 letters, digits, _, . and -, a letter, digit or _ first',
  ),
  program: says(
    (x: string) => `${x} is no name of a program`,
    () => 'use 1 to 63 letters, digits, _, . and -, a letter, digit or _ first',
  ),
  'route-table': says(
    (x: string) => `${x} is no routing table`,
    () =>
      'write main, local, default, or a number from 1 to 4294967295; a name of your own is in no rt_tables but yours',
  ),
  id: says(
    (x: string, _such: string) => `${x} is no id of AWS`,
    (_, such) => `write lower-case letters, -, then letters, digits, . and -, such as ${such}`,
  ),
  pcx: says(
    (x: string) => `${x} is no peering connection`,
    () => 'its id begins with pcx-',
  ),
  sg: says(
    (x: string) => `${x} is no security group`,
    () => 'its id begins with sg-',
  ),
  sysctl: says(
    (x: string) => `${x} is no sysctl that the engine reads`,
    () =>
      'take one that contract.md lists, such as net.ipv4.ip_forward or net.ipv4.conf.all.rp_filter',
  ),
} as const
