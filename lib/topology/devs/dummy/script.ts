import type { KindScript } from '../script.ts'

export const dummy: KindScript<'dummy'> = {
  fields: {},
  needs: { module: 'dummy', tried: 'ip link add d0 type dummy' },
  make: (d) => [`link add name ${d.name} address ${d.mac} mtu ${d.mtu} type dummy`],
}
