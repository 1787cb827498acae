import { says } from './sentence.ts'

/** Rows of a topology file or an edit. */
export const ROW = {
  wire: says(
    (x: string) => `${x} is no wire`,
    () => 'say which ENI or gateway of a VPC: { "vpc": "vpc", "eni": "eni-node-1-eth0" }',
  ),
  'ttl-inherit': says(
    (x: string) => `${x} is no TTL of a tunnel`,
    () => 'write 1 to 255, or inherit',
  ),
  'device-kind': says(
    (x: string, _kinds: string) => `${x} is no kind of device`,
    (_x: string, kinds: string) => `a device is of kind ${kinds}`,
  ),
  target: says(
    (x: string) => `${x} is no target`,
    () =>
      'a target is ACCEPT, DROP, RETURN, JUMP, GOTO, MASQUERADE, SNAT, DNAT, REDIRECT, NETMAP, MARK, CONNMARK, NOTRACK, CT, TCPMSS, LOG, NFLOG or REJECT',
  ),
  connmark: says(
    (x: string) => `${x} is no op of CONNMARK`,
    () => 'write set, save or restore',
  ),
  peer: says(
    (x: string) => `${x} is no peer`,
    () => 'write a prefix, such as 0.0.0.0/0, or a group, such as sg-node',
  ),
  'space-kind': says(
    (x: string) => `${x} is no kind of space`,
    () => 'a space is of kind netns or vpc',
  ),
  version: says(
    (x: string) => `${x} is no version`,
    () => 'this program reads 1',
  ),
  'space-twice': says(
    (name: string, first: string) => `${name} is the name of ${first} already`,
    () => 'give it one of its own',
  ),
} as const
