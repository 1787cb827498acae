import { everyWorld as every } from '#lib/worlds/every.ts'
import { listedWorld, loadWorld as load } from '#lib/worlds/index.ts'
import type { World } from '#lib/worlds/world.ts'

/** What few networks have is loaded, and known to walks from then on: VLANs, ipvlan, tunnels but VXLAN and TUN, dummy devices, IPVS; and edits are held to what Linux refuses. */
export async function loadMore(): Promise<void> {
  const { more } = await import('#lib/link/more.ts')
  more()
}

/** The world of that id with its rows, and with what walks through it need; undefined if there is none. */
export async function loadWorld(id: string): Promise<World | undefined> {
  const [world] = await Promise.all([
    load(id),
    listedWorld(id)?.more === true ? loadMore() : undefined,
  ])
  return world
}

/** Every world, and what any network may have (lib/worlds/every.ts). */
export async function everyWorld(): ReturnType<typeof every> {
  const [all] = await Promise.all([every(), loadMore()])
  return all
}
