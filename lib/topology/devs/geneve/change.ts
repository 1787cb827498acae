import type { KindChange } from '../change.ts'

export const geneve: KindChange<'geneve'> = {
  // geneve_configure(): EBUSY.
  refused: (n, _, d) => {
    const twin = n.devs.find(
      (x) =>
        x !== d &&
        x.name !== d.name &&
        x.kind === 'geneve' &&
        x.vni === d.vni &&
        x.remote === d.remote &&
        x.port === d.port,
    )
    return twin === undefined
      ? null
      : `Device or resource busy: ${twin.name} has this VNI, remote and port already; take another VNI`
  },
  // geneve_changelink() refuses these.
  remade: (before, after) =>
    before.vni !== after.vni ||
    before.port !== after.port ||
    (before.udpcsum === true) !== (after.udpcsum === true),
}
