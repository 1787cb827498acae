import { device, object, oneOf, space } from '../../script.ts'
import { addOn, type KindScript } from '../script.ts'

export const ipvlan: KindScript<'ipvlan'> = {
  needs: { module: 'ipvlan', tried: 'ip link add link v1 name v1i type ipvlan' },
  fields: { link: object({ netns: space, dev: device }), mode: oneOf('l2', 'l3', 'l3s') },
  make: (d, { in: name }) => [
    `${addOn(d.link, name)} name ${d.name} type ipvlan mode ${d.mode} bridge`,
  ],
}
