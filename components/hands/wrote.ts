import {
  LINUX_TABLES,
  netns,
  provenance,
  tableAsTool,
  type Netns,
  type Topology,
} from '#lib/index.ts'

/** Rows of a pod and of its node, as the tools print them. */
export interface WrittenFor {
  readonly node: string
  readonly pod: string
  readonly onNode: readonly string[]
  readonly inPod: readonly string[]
}

/** The rows of a network that one program (`who`, by the world's word for it) wrote for one pod: those in the pod, and those on its node that name the pod's address or the other end of its pair. RangeError where there is no such pod, or nothing of it in there. */
export function writtenFor(t: Topology, who: string, name: string): WrittenFor {
  const pod = netns(t, name)
  const node = pod === undefined ? undefined : netns(t, pod.node)
  if (pod === undefined || node === undefined) throw new RangeError(`there is no pod ${name}`)
  const pairs = pod.devs.filter((d) => d.kind === 'veth')
  const names = pairs.flatMap((d) => [d.peer.dev, ...d.addrs.map((a) => a.replace(/\/.*/, ''))])
  const inPod = rows(t, pod, who)
  if (inPod.length === 0) throw new RangeError(`${who} wrote nothing in ${name}`)
  return {
    node: node.name,
    pod: pod.name,
    onNode: rows(t, node, who).filter((r) => names.some((x) => r.split(/[\s:]+/).includes(x))),
    inPod,
  }
}

/** What somebody wrote in a namespace, as the tools print it. */
export function rows(t: Topology, n: Netns, who: string): readonly string[] {
  return LINUX_TABLES.flatMap((table) => {
    const mine = new Set(
      (n[table] as readonly unknown[]).flatMap((_, row) =>
        provenance(t, { in: n.name, table, row })?.who === who ? [row] : [],
      ),
    )
    return mine.size === 0
      ? []
      : tableAsTool(n, table)
          .lines.filter(({ row }) => row !== null && mine.has(row))
          .map(({ text }) => text.trim().replaceAll(/\s+/g, ' '))
  })
}
