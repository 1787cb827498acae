import { FEW, ROWS_OF_TABLE } from '../../bounds.ts'
import { inCidr } from '#lib/wire/addr.ts'
import { fields, type Check } from '../../check.ts'
import { list, object, whole } from '../../problem.ts'
import { opt, ipv4, mac, eniId, subnetId, at, groupId, flag } from '../../schema.ts'

export const enis: Check<'enis'> = {
  ...fields({
    id: eniId,
    subnet: subnetId,
    mac,
    ips: list(ipv4, ROWS_OF_TABLE, 'addresses'),
    publicIp: opt(ipv4),
    groups: list(groupId, FEW, 'groups'),
    sourceDestCheck: flag,
    branch: opt(object({ trunk: eniId, vlan: whole(1, 4094, 'vlan-id') })),
    attached: at,
  }),
  rows: ({ space: v, known }, say) => {
    const subnets = new Map(v.subnets.map((s) => [s.id, s]))
    const groups = new Set(v.sgRules.map((r) => r.group))
    const [subnetIds, groupIds] = [[...subnets.keys()], [...groups]]
    const ips = new Map<string, string>()
    const byId = new Map(v.enis.map((e) => [e.id, e]))
    const trunked = new Map<string, string>()
    v.enis.forEach((e, row) => {
      const s = subnets.get(e.subnet)
      if (s === undefined) say(row, 'eni-subnet', e.subnet, subnetIds)
      for (const ip of e.ips) {
        if (s !== undefined && !inCidr(ip, s.cidr)) say(row, 'eni-outside', ip, s.id, s.cidr)
        const owner = ips.get(ip)
        if (owner !== undefined) say(row, 'eni-address', ip, owner)
        else ips.set(ip, e.id)
      }
      for (const g of e.groups) if (!groups.has(g)) say(row, 'eni-group', g, groupIds)
      if (e.branch !== undefined) {
        const { trunk: id, vlan } = e.branch
        const trunk = byId.get(id)
        if (trunk === undefined || trunk.branch !== undefined)
          say(
            row,
            'eni-trunk',
            id,
            v.enis.filter((x) => x.branch === undefined).map((x) => x.id),
          )
        else if (trunk.attached.netns !== e.attached.netns || trunk.attached.dev !== e.attached.dev)
          say(row, 'eni-trunk-attached', id, trunk.attached.dev, trunk.attached.netns)
        const twin = trunked.get(`${id} ${vlan}`)
        if (twin === undefined) trunked.set(`${id} ${vlan}`, e.id)
        else say(row, 'eni-trunk-vlan', vlan, id, twin)
      }
      if (!known.exists(e.attached.netns, e.attached.dev))
        say(row, 'eni-attached', e.attached.dev, e.attached.netns)
    })
  },
}
