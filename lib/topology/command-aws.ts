import { typed } from './shell.ts'
import type { AclRule, SgRule, VpcRoute } from './vpc.ts'
import type { Change, Say } from './command.ts'

/* Changes of the VPC's tables as one types them. What AWS chooses or does by itself stands behind the command, as a comment. */

const row = <T>(c: { readonly before: T | null; readonly after: T | null }): T => (c.after ?? c.before)!
/** Do any of these keys change? */
const sets = (c: { readonly to: object }, ...keys: readonly string[]): boolean => keys.some((k) => k in c.to)
const last = (dev: string): string => /\d+$/.exec(dev)?.[0] ?? '0'

function eni(c: Change<'enis'>): string {
  const e = row(c)
  const of = `--network-interface-id ${e.id}`
  const [gone, made] = [`aws ec2 delete-network-interface --network-interface-id ${c.before?.id}`, [
    `aws ec2 create-network-interface --subnet-id ${e.subnet} --private-ip-address ${e.ips?.[0]} --groups ${(e.groups ?? []).join(' ')}`, ...(e.ips?.length > 1 ? [`aws ec2 assign-private-ip-addresses ${of} --private-ip-addresses ${e.ips.slice(1).join(' ')}`] : []),
    ...(e.publicIp === undefined ? [] : [`aws ec2 associate-address ${of} --public-ip ${e.publicIp}`]), ...(e.sourceDestCheck === false ? [`aws ec2 modify-network-interface-attribute ${of} --no-source-dest-check`] : []),
    ...(e.attached === undefined ? [] : [`aws ec2 attach-network-interface ${of} --instance-id ${e.attached.netns} --device-index ${last(e.attached.dev)}`]),
  ]]
  const notes = [`AWS chooses the id, here ${e.id}, and the MAC${e.mac === undefined ? '' : `, here ${e.mac}`}${e.attached === undefined ? '' : `; it appears as ${e.attached.dev}`}`]
  if (c.op === 'del') return gone
  if (c.op === 'add') return typed({ commands: made, notes })
  // What AWS gives an interface when it is made cannot be changed.
  if (sets(c, 'id', 'subnet', 'mac')) return typed({ commands: [gone, ...made], notes })
  const had = c.before?.ips ?? []
  const [less, more] = [had.filter((ip) => !(c.to.ips ?? had).includes(ip)), (c.to.ips ?? had).filter((ip) => !had.includes(ip))]
  return typed({
    commands: [
      ...(c.to.sourceDestCheck === undefined ? [] : [`aws ec2 modify-network-interface-attribute ${of} --${c.to.sourceDestCheck ? '' : 'no-'}source-dest-check`]),
      ...(c.to.groups === undefined ? [] : [`aws ec2 modify-network-interface-attribute ${of} --groups ${c.to.groups.join(' ')}`]),
      ...(less.length === 0 ? [] : [`aws ec2 unassign-private-ip-addresses ${of} --private-ip-addresses ${less.join(' ')}`]), ...(more.length === 0 ? [] : [`aws ec2 assign-private-ip-addresses ${of} --private-ip-addresses ${more.join(' ')}`]),
      ...(!sets(c, 'publicIp') ? [] : [...(c.before?.publicIp === undefined ? [] : [`aws ec2 disassociate-address --public-ip ${c.before.publicIp}`]), ...(c.to.publicIp === undefined ? [] : [`aws ec2 associate-address ${of} --public-ip ${c.to.publicIp}`])]),
      ...(c.to.attached === undefined ? [] : [`aws ec2 detach-network-interface --attachment-id attach-of-${e.id}`, `aws ec2 attach-network-interface ${of} --instance-id ${c.to.attached.netns} --device-index ${last(c.to.attached.dev)}`]),
    ],
    notes: c.to.attached === undefined ? [] : [`it appears as ${c.to.attached.dev}`],
  })
}

function vpcRoute(c: Change<'vpcRoutes'>): string {
  const of = (r: VpcRoute): string => `--route-table-id ${r.routeTable ?? 'rtb-main'} --destination-cidr-block ${r.dst}`
  const del = (): string => `aws ec2 delete-route ${of(c.before!)}`
  const to = (verb: string, r: VpcRoute): string => `aws ec2 ${verb}-route ${of(r)} ${r.target.startsWith('eni-') ? `--network-interface-id ${r.target}` : r.target === 'local' ? '--local-target' : `--gateway-id ${r.target}`}`
  if (c.op === 'del') return del()
  if (c.op === 'add') return to('create', c.after!)
  return sets(c, 'routeTable', 'dst') ? typed({ commands: [del(), to('create', c.after!)] }) : to('replace', c.after!)
}

function sgRule(c: Change<'sgRules'>): string {
  const one = (verb: string, r: SgRule): string => {
    const peer = r.peer.startsWith('sg-') ? `--source-group ${r.peer}` : `--cidr ${r.peer}`
    const port = r.ports === undefined ? '' : ` --port ${r.ports[0] === r.ports[1] ? r.ports[0] : r.ports.join('-')}`
    return `aws ec2 ${verb}-security-group-${r.direction ?? 'ingress'} --group-id ${r.group ?? 'sg-node'} --protocol ${r.proto ?? 'all'}${port} ${peer}`
  }
  return c.op === 'add' ? one('authorize', c.after!) : c.op === 'del' ? one('revoke', c.before!) : typed({ commands: [one('revoke', c.before!), one('authorize', c.after!)] })
}

function aclRule(c: Change<'aclRules'>): string {
  const of = (r: AclRule): string => `--network-acl-id acl-of-${r.subnet} --${r.direction} --rule-number ${r.number}`
  const del = (): string => `aws ec2 delete-network-acl-entry ${of(c.before!)}`
  const to = (verb: string, r: AclRule): string => `aws ec2 ${verb}-network-acl-entry ${of(r)} --protocol ${r.proto === 'all' ? '-1' : r.proto}${r.ports === undefined ? '' : ` --port-range From=${r.ports[0]},To=${r.ports[1]}`} --cidr-block ${r.cidr} --rule-action ${r.action}`
  if (c.op === 'del') return del()
  if (c.op === 'add') return to('create', c.after!)
  return sets(c, 'subnet', 'direction', 'number') ? typed({ commands: [del(), to('create', c.after!)] }) : to('replace', c.after!)
}

export const SAY_AWS: Pick<Say, 'enis' | 'subnets' | 'vpcRoutes' | 'sgRules' | 'aclRules' | 'sgFlows' | 'gateways' | 'outside'> = {
  enis: eni, vpcRoutes: vpcRoute, sgRules: sgRule, aclRules: aclRule,
  subnets: (c) => {
    const s = row(c)
    const table = `aws ec2 associate-route-table --subnet-id ${s.id} --route-table-id ${s.routeTable}`
    if (c.op === 'del') return `aws ec2 delete-subnet --subnet-id ${s.id}`
    if (c.op === 'set' && !sets(c, 'id', 'cidr', 'router')) return table
    const notes = [`AWS chooses the id, here ${s.id}, and makes the router${s.router === undefined ? '' : `, here ${s.router.ip} with ${s.router.mac}`}`]
    return typed({ commands: [...(c.op === 'set' ? [`aws ec2 delete-subnet --subnet-id ${c.before!.id}`] : []), `aws ec2 create-subnet --cidr-block ${s.cidr}`, ...(s.routeTable === undefined ? [] : [table])], notes })
  },
  sgFlows: (c) => {
    const f = row(c)
    return typed({ commands: [], notes: [`AWS tracks connections by itself, nobody can type this: ${f.eni} ${f.proto} ${f.src}:${f.sport} → ${f.dst}:${f.dport}`] })
  },
  gateways: (c) => {
    const g = row(c)
    const gone = `aws ec2 delete-internet-gateway --internet-gateway-id ${c.before?.id}`
    if (c.op === 'del') return gone
    return typed({ commands: [...(c.op === 'set' && sets(c, 'id') ? [gone] : []), ...(c.op === 'add' || sets(c, 'id') ? ['aws ec2 create-internet-gateway'] : [])], notes: [`AWS chooses the id, here ${g.id}, and the MTU${g.mtu === undefined ? '' : `, here ${g.mtu}`}, of ${g.kind === undefined ? 'a gateway' : `an ${g.kind}`}`] })
  },
  outside: (c) => {
    const h = row(c)
    return typed({ commands: [], notes: [`outside AWS, nobody can type this: ${h.ip} ${h.mac} behind ${h.gateway}${h.attached === undefined ? '' : `, ${h.attached.dev} of ${h.attached.netns}`}`] })
  },
}
