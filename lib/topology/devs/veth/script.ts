import { device, object, space } from '../../script.ts'
import type { KindScript } from '../script.ts'

export const veth: KindScript<'veth'> = {
  needs: { module: 'veth', tried: 'ip link add v0 type veth peer name v1' },
  fields: { peer: object({ netns: space, dev: device }) },
  // The pair with the end that comes first.
  make: (d, { in: name, far }) => {
    const peer = far(d.peer)
    if (peer === undefined)
      throw new RangeError(
        `${name}/${d.name}: its peer ${d.peer.netns}/${d.peer.dev} is not there; a veth pair has two ends`,
      )
    return [
      `link add name ${d.name} address ${d.mac} mtu ${d.mtu} type veth peer name ${peer.name} address ${peer.mac} mtu ${peer.mtu} netns @${d.peer.netns}`,
    ]
  },
}
