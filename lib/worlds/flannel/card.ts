import type { Traits } from '#lib/worlds/entry.ts'

/* What the manifest says of all of flannel’s worlds. */

export const TRAITS: Traits = {
  addresses: 'overlay',
  between: 'vpc',
  runtime: 'kubernetes',
  bridges: ['docker0', 'cni0'],
  enis: 1,
  kubeProxy: true,
}
