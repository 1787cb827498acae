import { typed } from '../../shell.ts'
import { type Change, row, sets, type Tool, type ToolLine } from '../../tool.ts'
import type { Vpc } from '../../topology.ts'
import { eniText } from './row.ts'

/** The number at the end of a device's name. */
const last = (dev: string): string => /\d+$/.exec(dev)?.[0] ?? '0'

function eni(c: Change<'enis'>): string {
  const e = row(c)
  const of = `--network-interface-id ${e.id}`
  const [gone, made] = [
    `aws ec2 delete-network-interface --network-interface-id ${c.before?.id}`,
    [
      `aws ec2 create-network-interface --subnet-id ${e.subnet} --private-ip-address ${e.ips?.[0]} --groups ${(e.groups ?? []).join(' ')}`,
      ...(e.ips?.length > 1
        ? [
            `aws ec2 assign-private-ip-addresses ${of} --private-ip-addresses ${e.ips.slice(1).join(' ')}`,
          ]
        : []),
      ...(e.publicIp === undefined
        ? []
        : [`aws ec2 associate-address ${of} --public-ip ${e.publicIp}`]),
      ...(e.sourceDestCheck === false
        ? [`aws ec2 modify-network-interface-attribute ${of} --no-source-dest-check`]
        : []),
      ...(e.attached === undefined
        ? []
        : [
            `aws ec2 attach-network-interface ${of} --instance-id ${e.attached.netns} --device-index ${last(e.attached.dev)}`,
          ]),
    ],
  ]
  const notes = [
    `AWS chooses the id, here ${e.id}, and the MAC${e.mac === undefined ? '' : `, here ${e.mac}`}${e.attached === undefined ? '' : `; it appears as ${e.attached.dev}`}`,
  ]
  if (c.op === 'del') return gone
  if (c.op === 'add') return typed({ commands: made, notes })
  // What AWS gives an interface when it is made cannot be changed.
  if (sets(c, 'id', 'subnet', 'mac')) return typed({ commands: [gone, ...made], notes })
  const had = c.before?.ips ?? []
  const [less, more] = [
    had.filter((ip) => !(c.to.ips ?? had).includes(ip)),
    (c.to.ips ?? had).filter((ip) => !had.includes(ip)),
  ]
  return typed({
    commands: [
      ...(c.to.sourceDestCheck === undefined
        ? []
        : [
            `aws ec2 modify-network-interface-attribute ${of} --${c.to.sourceDestCheck ? '' : 'no-'}source-dest-check`,
          ]),
      ...(c.to.groups === undefined
        ? []
        : [`aws ec2 modify-network-interface-attribute ${of} --groups ${c.to.groups.join(' ')}`]),
      ...(less.length === 0
        ? []
        : [`aws ec2 unassign-private-ip-addresses ${of} --private-ip-addresses ${less.join(' ')}`]),
      ...(more.length === 0
        ? []
        : [`aws ec2 assign-private-ip-addresses ${of} --private-ip-addresses ${more.join(' ')}`]),
      ...(!sets(c, 'publicIp')
        ? []
        : [
            ...(c.before?.publicIp === undefined
              ? []
              : [`aws ec2 disassociate-address --public-ip ${c.before.publicIp}`]),
            ...(c.to.publicIp === undefined
              ? []
              : [`aws ec2 associate-address ${of} --public-ip ${c.to.publicIp}`]),
          ]),
      ...(c.to.attached === undefined
        ? []
        : [
            `aws ec2 detach-network-interface --attachment-id attach-of-${e.id}`,
            `aws ec2 attach-network-interface ${of} --instance-id ${c.to.attached.netns} --device-index ${last(c.to.attached.dev)}`,
          ]),
    ],
    notes: c.to.attached === undefined ? [] : [`it appears as ${c.to.attached.dev}`],
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
