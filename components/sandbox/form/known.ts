import { space, type Topology } from '#lib/index.ts'

/** Names that stand in a network already, for texts of a kind: devices of this namespace, its routing tables, spaces. */
export function namesIn(t: Topology, where: string): (code: string) => readonly string[] {
  const here = space(t, where)
  const linux = here?.kind === 'netns' ? here : undefined
  const names: Readonly<Record<string, () => readonly string[]>> = {
    device: () => linux?.devs.map((d) => d.name) ?? [],
    pattern: () => linux?.devs.map((d) => d.name) ?? [],
    'route-table': () => [
      ...new Set([
        'main',
        ...(linux?.routes.map((r) => r.table) ?? []),
        ...(linux?.rules.flatMap((r) => r.table ?? []) ?? []),
      ]),
    ],
    chain: () => [...new Set(linux?.chains.map((c) => c.chain) ?? [])],
    space: () => t.source.names,
  }
  return (code) => names[code]?.() ?? []
}
