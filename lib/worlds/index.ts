import { cluster } from './cluster/cluster.ts'
import { card as dockerBridge } from './docker-bridge/card.ts'
import { card as dockerPorts } from './docker-ports/card.ts'
import { card as encapsulations } from './encapsulations/card.ts'
import type * as Calico from './calico/world.ts'
import { card as calicoBgp } from './calico-bgp/card.ts'
import { card as calicoCrossSubnet } from './calico-cross-subnet/card.ts'
import { card as calicoIpip } from './calico-ipip/card.ts'
import { card as calicoVxlan } from './calico-vxlan/card.ts'
import type { Card } from './entry.ts'
import { card as fargate } from './fargate/card.ts'
import type * as Flannel from './flannel/world.ts'
import { card as flannelHostGw } from './flannel-host-gw/card.ts'
import { card as flannelUdp } from './flannel-udp/card.ts'
import { card as flannelVxlan } from './flannel-vxlan/card.ts'
import { card as gkeNative } from './gke-native/card.ts'
import { card as lan } from './lan/card.ts'
import { card as lyftIpvlan } from './lyft-ipvlan/card.ts'
import { card as sgPerPod } from './sg-per-pod/card.ts'
import { card as vpcCni } from './vpc-cni/card.ts'
import { card as vpcRoutes } from './vpc-routes/card.ts'
import { titled, type Titled } from './said.ts'
import { serviceFlows } from './services.ts'
import { common } from './what-ifs.ts'
import { buildWorld, type World } from './world.ts'

/* The manifest: links, menus and cluster files read it, a page loads the world that it shows. */

/** What nearly every world is made of. Given to each that is loaded, so that a page gets it once, with this file, and with no world's own. */
const SHARED = { buildWorld, cluster, common, serviceFlows } as const
type Load = (shared: typeof SHARED) => Promise<{ readonly world: World }>

/** What the worlds of one plugin have in common, nearly all of them, is a file of its own. */
async function family<Made>(
  common: Promise<Made>,
  own: Promise<{ readonly world: (made: Made) => World }>,
): Promise<{ readonly world: World }> {
  const [made, { world }] = await Promise.all([common, own])
  return { world: world(made) }
}
const flannel = (own: Promise<{ readonly world: (made: typeof Flannel) => World }>) =>
  family(import('./flannel/world.ts'), own)
const calico = (own: Promise<{ readonly world: (made: typeof Calico) => World }>) =>
  family(import('./calico/world.ts'), own)

const here = new Map<string, World>()
const listed = <const C extends Card>(card: C, load: Load) => ({
  ...card,
  get title() {
    return titled(card).title
  },
  get short() {
    return titled(card).short
  },
  /** The world with its rows; the same object each time. Rejects if its file cannot be fetched. */
  load: async (): Promise<World> => {
    const { world } = await load(SHARED)
    const known = here.get(card.id) ?? world
    here.set(card.id, known)
    return known
  },
})

/** Every world, in the order of menus; the first is what a link that names none shows. */
export const WORLDS = [
  listed(dockerBridge, () => import('./docker-bridge/index.ts')),
  listed(dockerPorts, () => import('./docker-ports/index.ts')),
  listed(flannelUdp, () => flannel(import('./flannel-udp/index.ts'))),
  listed(flannelVxlan, () => flannel(import('./flannel-vxlan/index.ts'))),
  listed(flannelHostGw, () => flannel(import('./flannel-host-gw/index.ts'))),
  listed(lan, () => import('./lan/index.ts')),
  listed(vpcRoutes, () => import('./vpc-routes/index.ts')),
  listed(vpcCni, () => import('./vpc-cni/index.ts')),
  listed(sgPerPod, () => import('./sg-per-pod/index.ts')),
  listed(lyftIpvlan, () => import('./lyft-ipvlan/index.ts')),
  listed(encapsulations, () => import('./encapsulations/index.ts')),
  listed(calicoIpip, () => calico(import('./calico-ipip/index.ts'))),
  listed(calicoCrossSubnet, () => calico(import('./calico-cross-subnet/index.ts'))),
  listed(calicoVxlan, () => calico(import('./calico-vxlan/index.ts'))),
  listed(calicoBgp, () => calico(import('./calico-bgp/index.ts'))),
  listed(fargate, () => import('./fargate/index.ts')),
  listed(gkeNative, () => import('./gke-native/index.ts')),
] as const

/** The id of a world: what a link, a file's `network` and the command call it. */
export type WorldId = (typeof WORLDS)[number]['id']
/** A world as menus and links know it: without its rows, which `load` brings. */
export type Listed = Omit<Card, keyof Titled> & Titled & { readonly load: () => Promise<World> }
export const WORLD_IDS: readonly WorldId[] = WORLDS.map((w) => w.id)

const byId: ReadonlyMap<string, Listed> = new Map(WORLDS.map((w) => [w.id, w]))

/** What the manifest says of a world; undefined if there is none of that id. */
export function listedWorld(id: WorldId): Listed
export function listedWorld(id: string): Listed | undefined
export function listedWorld(id: string): Listed | undefined {
  return byId.get(id)
}

/** The world of that id with its rows; undefined if there is none. */
export async function loadWorld(id: string): Promise<World | undefined> {
  return byId.get(id)?.load()
}
