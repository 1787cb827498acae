import type { KindChange } from '../change.ts'

export const vxlan: KindChange<'vxlan'> = {
  // vxlan_config_validate().
  refused: (n, _, d) => {
    const twin = n.devs.find(
      (x) =>
        x !== d && x.name !== d.name && x.kind === 'vxlan' && x.vni === d.vni && x.port === d.port,
    )
    return twin === undefined
      ? null
      : `A VXLAN device with the specified VNI already exists: ${twin.name}; take another VNI or port`
  },
  // vxlan_changelink() refuses these (“Cannot change VNI.”).
  remade: (before, after) =>
    before.vni !== after.vni || before.port !== after.port || before.udpcsum !== after.udpcsum,
}
