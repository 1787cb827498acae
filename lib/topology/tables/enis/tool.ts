import { typed } from '../../shell.ts'
import { type Change, row, sets, type Tool, type ToolLine } from '../../tool.ts'
import type { Vpc } from '../../topology.ts'
import { eniText, type Eni } from './row.ts'

/** The number at the end of a device's name. */
const last = (dev: string): string => /\d+$/.exec(dev)?.[0] ?? '0'

const AWS = 'aws ec2'
const of = (e: Pick<Eni, 'id'>): string => `--network-interface-id ${e.id}`
type Listed = 'private-ip-addresses' | 'ipv4-prefixes'
const assign = (
  e: Eni,
  { verb, of: what, is }: { verb: 'assign' | 'unassign'; of: Listed; is: readonly string[] },
): string[] =>
  is.length === 0 ? [] : [`${AWS} ${verb}-private-ip-addresses ${of(e)} --${what} ${is.join(' ')}`]
/** What is taken from it, then what it gets. */
const reassign = (e: Eni, what: Listed, [had, now]: readonly (readonly string[])[]): string[] => [
  ...assign(e, { verb: 'unassign', of: what, is: had!.filter((x) => !now!.includes(x)) }),
  ...assign(e, { verb: 'assign', of: what, is: now!.filter((x) => !had!.includes(x)) }),
]
const associate = (e: Eni, ip: string | undefined): string[] =>
  ip === undefined ? [] : [`${AWS} associate-address ${of(e)} --public-ip ${ip}`]
const modify = (e: Eni, what: string): string =>
  `${AWS} modify-network-interface-attribute ${of(e)} --${what}`
const attach = (e: Eni, { netns, dev }: Eni['attached']): string =>
  `${AWS} attach-network-interface ${of(e)} --instance-id ${netns} --device-index ${last(dev)}`

const associateTrunk = (e: Eni, b: NonNullable<Eni['branch']>): string =>
  `${AWS} associate-trunk-interface --branch-interface-id ${e.id} --trunk-interface-id ${b.trunk} --vlan-id ${b.vlan}`

function made(e: Eni): string[] {
  // A row that somebody is writing may lack them.
  const { ips, groups } = e as Partial<Eni>
  return [
    `${AWS} create-network-interface --subnet-id ${e.subnet} --private-ip-address ${ips?.[0]} --groups ${(groups ?? []).join(' ')}`,
    ...reassign(e, 'private-ip-addresses', [[], ips?.slice(1) ?? []]),
    ...reassign(e, 'ipv4-prefixes', [[], e.prefixes ?? []]),
    ...associate(e, e.publicIp),
    ...(e.sourceDestCheck === false ? [modify(e, 'no-source-dest-check')] : []),
    ...(e.branch !== undefined
      ? [associateTrunk(e, e.branch)]
      : (e.attached as Eni['attached'] | undefined) === undefined
        ? []
        : [attach(e, e.attached)]),
  ]
}

/** What AWS chooses where an interface is made. */
function chosen(e: Eni): string {
  const mac = e.mac === undefined ? '' : `, here ${e.mac}`
  const dev = e.attached === undefined ? '' : `; it appears as ${e.attached.dev}`
  return `AWS chooses the id, here ${e.id}, and the MAC${mac}${dev}`
}

function eni(c: Change<'enis'>): string {
  const e = row(c)
  const gone = `${AWS} delete-network-interface --network-interface-id ${c.before?.id}`
  if (c.op === 'del') return gone
  if (c.op === 'add') return typed({ commands: made(e), notes: [chosen(e)] })
  // What AWS gives an interface when it is made cannot be changed.
  if (sets(c, 'id', 'subnet', 'mac'))
    return typed({ commands: [gone, ...made(e)], notes: [chosen(e)] })
  const { to } = c
  const had = c.before?.ips ?? []
  const ips = to.ips ?? had
  const published = c.before?.publicIp
  return typed({
    commands: [
      ...(to.sourceDestCheck === undefined
        ? []
        : [modify(e, `${to.sourceDestCheck ? '' : 'no-'}source-dest-check`)]),
      ...(to.groups === undefined ? [] : [modify(e, `groups ${to.groups.join(' ')}`)]),
      ...reassign(e, 'private-ip-addresses', [had, ips]),
      ...reassign(e, 'ipv4-prefixes', [c.before?.prefixes ?? [], e.prefixes ?? []]),
      ...(sets(c, 'publicIp')
        ? [
            ...(published === undefined
              ? []
              : [`${AWS} disassociate-address --public-ip ${published}`]),
            ...associate(e, to.publicIp),
          ]
        : []),
      ...(sets(c, 'branch')
        ? [
            ...(c.before?.branch === undefined
              ? []
              : [`${AWS} disassociate-trunk-interface --association-id trunk-assoc-of-${e.id}`]),
            ...(to.branch === undefined ? [] : [associateTrunk(e, to.branch)]),
          ]
        : []),
      ...(to.attached === undefined || e.branch !== undefined
        ? []
        : [
            `${AWS} detach-network-interface --attachment-id attach-of-${e.id}`,
            attach(e, to.attached),
          ]),
    ],
    notes: to.attached === undefined ? [] : [`it appears as ${to.attached.dev}`],
  })
}

/** The interfaces, one a line. */
function interfaceLines(v: Vpc): ToolLine[] {
  const own = v.enis.map((e, n) => ({
    text: `  ${eniText(e)}${n < v.enis.length - 1 ? ',' : ''}`,
    row: n,
  }))
  return [{ text: '{ "NetworkInterfaces": [', row: null }, ...own, { text: '] }', row: null }]
}

export const enis: Tool<'enis'> = {
  readAt: 1,
  editAt: 2,
  command: eni,
  print: (v) => ({
    command: 'aws ec2 describe-network-interfaces',
    note: 'as documented, shortened',
    lines: interfaceLines(v),
  }),
}
