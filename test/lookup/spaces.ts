import type { Cidr, Address, Mac } from '#lib/wire/addr.ts'
import type { Dev } from '#lib/topology/devs.ts'
import type { NfQuestion } from '#lib/lookup/verdict.ts'
import { emptyNetns, type Netns } from '#lib/topology/topology.ts'

const MAC: Mac = '02:42:00:00:00:01'

/** A device for tests: a veth, or the loopback for the name lo. */
export function link(name: string, addrs: readonly Cidr[], change: { up?: boolean } = {}): Dev {
  const base = { name, mac: MAC, mtu: 1500, up: change.up ?? true, addrs }
  return name === 'lo'
    ? { ...base, kind: 'loopback' }
    : { ...base, kind: 'veth', peer: { netns: 'elsewhere', dev: name } }
}

/** A namespace with the rows given. */
export function ns(rows: Partial<Netns>): Netns {
  return { ...emptyNetns('node-1', 'node-1', 'node'), ...rows }
}

export const LO = link('lo', ['127.0.0.1/8'])
export const ip = (text: string): Address => text as Address

/** A packet that has come in by eth0, and begins a connection. */
export const CAME_IN: NfQuestion = {
  src: '10.0.0.1',
  dst: '10.0.0.2',
  proto: 17,
  sport: 1,
  dport: 2,
  iif: 'eth0',
  oif: null,
  mark: 0,
  ctmark: 0,
  ctstate: 'new',
}
