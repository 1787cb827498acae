import { addressOf, type Mac } from '#lib/wire/addr.ts'
import { netns, spaces, type Topology } from './topology.ts'

/* Whose an address is. */

/** The namespace that has an IP address; null: nobody here, or several. */
export function ownerOf(t: Topology, address: string): string | null {
  const owners = spaces(t).filter(
    (s) => s.kind === 'netns' && s.devs.some((d) => d.addrs.some((a) => addressOf(a) === address)),
  )
  return owners.length === 1 ? owners[0]!.name : null
}

/** The device that has a MAC, `node-1/docker0`; of several the one on the machine of namespace `near`; null: nobody here (a broadcast too), or still several. */
export function deviceWith(t: Topology, mac: Mac, near?: string): string | null {
  const all = spaces(t).flatMap((s) =>
    s.kind === 'netns'
      ? s.devs.filter((d) => d.mac === mac).map((d) => ({ at: s.node, of: `${s.name}/${d.name}` }))
      : [],
  )
  const machine = near === undefined ? undefined : netns(t, near)?.node
  const few = all.length > 1 ? all.filter((d) => d.at === machine) : all
  return few.length === 1 ? few[0]!.of : null
}
