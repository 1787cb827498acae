import { FEW, ROWS_OF_TABLE } from '../../bounds.ts'
import type { Vpc } from '../../topology.ts'
import { inCidr, overlaps } from '#lib/wire/addr.ts'
import { firstOf, offsetIn, within } from '#lib/wire/range.ts'
import { fields, type Check, type SayRow } from '../../check.ts'
import { list, object, whole } from '../../problem.ts'
import { opt, ipv4, mac, network, eniId, subnetId, at, groupId, flag } from '../../schema.ts'

/** Each range is of the VPC, and one interface's. */
function prefixes(v: Vpc, say: SayRow): void {
  const all = v.enis
    .flatMap((e, row) => (e.prefixes ?? []).map((range) => ({ range, row })))
    .map((x) => ({ ...x, from: offsetIn(firstOf(x.range), '0.0.0.0/0').n }))
    .toSorted((a, b) => a.from - b.from)
  all.forEach(({ range, row }, i) => {
    if (!v.cidrs.some((own) => within(range, own)))
      say(row, 'subnet-outside', range, v.cidrs.join(' and '))
    const before = all[i - 1]
    if (before !== undefined && overlaps(before.range, range))
      say(row, 'eni-address', range, v.enis[before.row]!.id)
  })
}

export const enis: Check<'enis'> = {
  ...fields({
    id: eniId,
    subnet: subnetId,
    mac,
    ips: list(ipv4, ROWS_OF_TABLE, 'addresses'),
    prefixes: opt(list(network, ROWS_OF_TABLE, 'ranges')),
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
    prefixes(v, say)
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
