import { fields, type Check } from '../../check.ts'
import { oneOf } from '../../problem.ts'
import { opt, ipv4, network, mac, program } from '../../schema.ts'

export const leases: Check<'leases'> = fields({
  daemon: program,
  subnet: network,
  publicIp: ipv4,
  backendType: oneOf(['udp', 'vxlan', 'host-gw']),
  vtepMac: opt(mac),
})
