import { device, object, space, whole } from '../../script.ts'
import { addOn, type KindScript } from '../script.ts'

export const vlan: KindScript<'vlan'> = {
  needs: { module: '8021q', tried: 'ip link add link v0 name v0.5 type vlan id 5' },
  fields: { link: object({ netns: space, dev: device }), id: whole(0, 4094) },
  make: (d, { in: name }) => [
    `${addOn(d.link, name)} name ${d.name} address ${d.mac} type vlan id ${d.id}`,
  ],
}
