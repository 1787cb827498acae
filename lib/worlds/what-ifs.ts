import type { Edit } from '#lib/topology/edit.ts'
import type { Cidr } from '#lib/wire/addr.ts'
import { eniId, VPC_NAME } from './cluster/spec.ts'
import type { COMMON_IDS } from './ids.ts'
import type { Asked } from './world.ts'

/* The edits of questions that more than one world asks. */

const BOTH = ['node-1', 'node-2'] as const

/** One sysctl of one node, changed. */
export function setSysctl(node: string, key: string, value: number): Edit {
  return { op: 'set', in: node, table: 'sysctls', where: { key }, to: { value } }
}

/** One device of one namespace, changed. */
export function setDev(
  name: string,
  dev: string,
  to: { readonly mtu?: number; readonly up?: boolean },
): Edit {
  return { op: 'set', in: name, table: 'devs', where: { name: dev }, to }
}

/** Is it checked on both instances that they send and receive only what is theirs? */
export function checks(on: boolean): readonly Edit[] {
  return BOTH.map((n) => ({
    op: 'set',
    in: VPC_NAME,
    table: 'enis',
    where: { id: eniId({ name: n }, 'eth0') },
    to: { sourceDestCheck: on },
  }))
}
export const CHECK_OFF = checks(false)

/** The rule that lets nodes talk to each other, deleted. */
export const DENY: Asked = {
  expect: 'security-group',
  edits: [
    {
      op: 'del',
      in: VPC_NAME,
      table: 'sgRules',
      where: { group: 'sg-node', direction: 'ingress', peer: 'sg-node' },
    },
  ],
}

/** One device of node-1 made smaller, seen with a ping that fills the pod's MTU and must not be cut. */
export function lowerMtu(dev: string): Asked {
  return {
    edits: [setDev('node-1', dev, { mtu: 1400 })],
    expect: 'too-big',
    flow: 'large',
  }
}

/** iptables no longer sees what the bridges switch. */
export function brNetfilterOff(ends: Asked['expect']): Asked {
  return {
    edits: BOTH.map((n) => setSysctl(n, 'net.bridge.bridge-nf-call-iptables', 0)),
    expect: ends,
  }
}

/** node-1 no longer forwards. */
export const FORWARD_OFF: Asked = {
  edits: [setSysctl('node-1', 'net.ipv4.ip_forward', 0)],
  expect: 'forwarding-off',
}

/** The way back is asked of every packet that comes in. */
export function rpFilterStrict(ends: Asked['expect']): Asked {
  return {
    edits: BOTH.map((n) => setSysctl(n, 'net.ipv4.conf.all.rp_filter', 1)),
    expect: ends,
  }
}

/** The way from node-1 to the other node's pods taken away; `ends` is where the default route then leads. */
export function dropRoute(dst: Cidr, ends: Asked['expect']): Asked {
  return {
    edits: [{ op: 'del', in: 'node-1', table: 'routes', where: { table: 'main', dst } }],
    expect: ends,
  }
}

/** What every world in a VPC can be asked; `ends` is how its default flow ends when nothing is changed. */
export function common(ends: Asked['expect']): {
  readonly [W in (typeof COMMON_IDS)[number]]: Asked
} {
  return {
    'ip-forward-off': FORWARD_OFF,
    'rp-filter-strict': rpFilterStrict(ends),
    'nacl-deny': {
      flow: 'to-internet',
      expect: 'network-acl',
      edits: [
        {
          op: 'add',
          in: VPC_NAME,
          table: 'aclRules',
          row: {
            subnet: 'subnet-a',
            direction: 'egress',
            number: 50,
            proto: 'all',
            cidr: '0.0.0.0/0',
            action: 'deny',
          },
        },
      ],
    },
    'no-internet-route': {
      flow: 'to-internet',
      expect: 'vpc-no-route',
      edits: [{ op: 'del', in: VPC_NAME, table: 'vpcRoutes', where: { dst: '0.0.0.0/0' } }],
    },
    // The NICs only, which is what a person changes first.
    jumbo: { edits: BOTH.map((n) => setDev(n, 'eth0', { mtu: 9001 })), expect: ends },
  }
}
