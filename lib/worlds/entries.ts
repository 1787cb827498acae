/* The entries of all worlds, for types alone: what a language has to say of each. */

export type Entries =
  | typeof import('./calico-bgp/entry.ts').entry
  | typeof import('./calico-cross-subnet/entry.ts').entry
  | typeof import('./calico-ipip/entry.ts').entry
  | typeof import('./calico-vxlan/entry.ts').entry
  | typeof import('./docker-bridge/entry.ts').entry
  | typeof import('./docker-ports/entry.ts').entry
  | typeof import('./encapsulations/entry.ts').entry
  | typeof import('./fargate/entry.ts').entry
  | typeof import('./flannel-host-gw/entry.ts').entry
  | typeof import('./flannel-udp/entry.ts').entry
  | typeof import('./flannel-vxlan/entry.ts').entry
  | typeof import('./gke-native/entry.ts').entry
  | typeof import('./lan/entry.ts').entry
  | typeof import('./lyft-ipvlan/entry.ts').entry
  | typeof import('./sg-per-pod/entry.ts').entry
  | typeof import('./vpc-cni/entry.ts').entry
  | typeof import('./vpc-routes/entry.ts').entry
