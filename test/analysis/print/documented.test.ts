import { describe, expect, it } from 'vitest'
import { space, tableAsTool, type TableName } from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const lines = (
  id: string,
  name: string,
  table: TableName,
): readonly { readonly text: string; readonly row: number | null }[] =>
  tableAsTool(space(SCENARIOS[id]!.topology, name)!, table).lines

describe('what cannot be asked here is printed as documented', () => {
  it('security groups: JSON with a permission for each rule', () => {
    const printed = lines('docker-bridge', 'vpc', 'sgRules')
    const told = JSON.parse(printed.map((l) => l.text).join('\n')) as {
      SecurityGroups: { GroupId: string; IpPermissions: object[]; IpPermissionsEgress: object[] }[]
    }
    expect(told.SecurityGroups).toEqual([
      {
        GroupId: 'sg-node',
        IpPermissions: [
          { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-node' }] },
          { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8081, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        ],
        IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      },
    ])
    const rows = printed.flatMap((l) => (l.row === null ? [] : [l.row]))
    expect(rows.toSorted((a, b) => a - b)).toEqual([...rows.keys()])
  })
  it('interfaces: JSON, one a line', () => {
    const told = JSON.parse(
      lines('vpc-cni', 'vpc', 'enis')
        .map((l) => l.text)
        .join('\n'),
    ) as {
      NetworkInterfaces: {
        NetworkInterfaceId: string
        PrivateIpAddresses: { PrivateIpAddress: string }[]
        SourceDestCheck: boolean
      }[]
    }
    expect(told.NetworkInterfaces).toHaveLength(4)
    expect(told.NetworkInterfaces[1]).toMatchObject({
      NetworkInterfaceId: 'eni-node-1-eth1',
      SourceDestCheck: true,
      PrivateIpAddresses: [
        { PrivateIpAddress: '192.168.0.110' },
        { PrivateIpAddress: '192.168.0.111' },
        { PrivateIpAddress: '192.168.0.112' },
      ],
    })
  })
  it('leases: key, then value', () => {
    expect(lines('flannel-udp', 'node-1', 'leases').map((l) => l.text)).toContain(
      '/coreos.com/network/subnets/10.1.20.0-24',
    )
    expect(lines('flannel-udp', 'node-1', 'leases').map((l) => l.text)).toContain(
      '{"PublicIP":"192.168.0.200","PublicIPv6":null}',
    )
    expect(lines('flannel-vxlan', 'node-1', 'leases').map((l) => l.text)).toContain(
      '{"PublicIP":"192.168.0.200","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"5a:00:00:00:14:00"}}',
    )
  })
  it('says so, and says nothing where the lines are the tool’s own', () => {
    for (const t of ['leases', 'devs', 'sockets', 'sysctls', 'daemons'] as const)
      expect(
        tableAsTool(space(SCENARIOS['flannel-vxlan']!.topology, 'node-1')!, t).note,
        t,
      ).toMatch(/documented|shortened/)
    for (const t of ['enis', 'subnets', 'vpcRoutes', 'sgRules', 'aclRules', 'gateways'] as const)
      expect(tableAsTool(space(SCENARIOS['flannel-vxlan']!.topology, 'vpc')!, t).note, t).toMatch(
        /documented|shortened/,
      )
    const note = (t: TableName): string | undefined =>
      tableAsTool(space(SCENARIOS['flannel-vxlan']!.topology, 'node-1')!, t).note
    for (const t of ['routes', 'rules', 'neigh', 'conntrack'] as const)
      expect(note(t), t).toBeUndefined()
    // What a tool prints besides the lines is said too.
    expect(note('fdb')).toMatch(/lists more/)
    for (const t of ['chains', 'netfilter'] as const) expect(note(t), t).toMatch(/iptables-nft/)
  })
})
