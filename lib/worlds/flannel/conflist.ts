import { netns, withSpace, type Topology } from '#lib/topology/topology.ts'
import { cluster } from '#lib/worlds/cluster/cluster.ts'
import { POD_NETWORK, PODS, SEED } from '#lib/worlds/cluster/seed.ts'
import { NODE_GROUP, type PodSpec } from '#lib/worlds/cluster/spec.ts'
import { flannel } from './cni.ts'

/* A conflist that somebody wrote, and the rows that its plugins write with it. */

/** What a runtime makes of a conflist here. */
export interface Conflist {
  /** `delegate` of flannel: does the bridge plugin give pods a default route, and its ports hairpin mode? */
  readonly defaultGateway: boolean
  readonly hairpin: boolean
  /** portmap is in the list, and is handed the ports of the pods. */
  readonly portmap: boolean
}

/** Why a conflist cannot be called: it is no JSON; it lacks a name, a version or a list; a plugin is not on the node; nobody makes a network; portmap comes before there is one. */
export type Unread =
  | { readonly why: 'no-json' | 'no-name' | 'no-version' | 'no-list' | 'no-network' | 'chained' }
  | { readonly why: 'unknown'; readonly type: string }

type Json = Readonly<Record<string, unknown>>
const isObject = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x)

/** Reads a conflist as a runtime does, with flannel and portmap on the node; what else stands in it is passed over. */
export function readConflist(text: string): Conflist | Unread {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return { why: 'no-json' }
  }
  if (!isObject(read)) return { why: 'no-json' }
  if (typeof read['name'] !== 'string') return { why: 'no-name' }
  if (typeof read['cniVersion'] !== 'string') return { why: 'no-version' }
  const list = read['plugins']
  if (!Array.isArray(list) || !list.every((x) => isObject(x))) return { why: 'no-list' }
  const plugins = list as readonly Json[]
  const types = plugins.map(({ type }) => (typeof type === 'string' ? type : ''))
  const stranger = types.find((t) => t !== 'flannel' && t !== 'portmap')
  if (stranger !== undefined) return { why: 'unknown', type: stranger }
  const [first] = types
  if (first === undefined) return { why: 'no-network' }
  if (first === 'portmap') return { why: 'chained' }
  const delegate = plugins[0]!['delegate']
  const asked = isObject(delegate) ? delegate : {}
  // The runtime hands ports to who says that he can take them.
  const maps = plugins.some((p) => {
    const can = p['capabilities']
    return p['type'] === 'portmap' && isObject(can) && can['portMappings'] === true
  })
  return {
    defaultGateway: asked['isDefaultGateway'] === true,
    hairpin: asked['hairpinMode'] === true,
    portmap: maps,
  }
}

/** The port that the pod asks for. */
export const HOST_PORT = 30081
const OPEN = {
  group: 'sg-node',
  direction: 'ingress',
  proto: 'tcp',
  ports: [HOST_PORT, HOST_PORT],
  peer: '0.0.0.0/0',
} as const

/** Two nodes whose pods were all made with this conflist, by flannel's vxlan; web-app-frontend-1 asks for port 30081 of its node. */
export function nodesBy({ defaultGateway, hairpin, portmap }: Conflist): Topology {
  const [first, ...rest] = PODS
  const asking: PodSpec = portmap
    ? { ...first!, publish: [{ host: HOST_PORT, port: 8080, proto: 'tcp' }] }
    : first!
  const all = cluster(
    { ...SEED, groups: [...NODE_GROUP, OPEN], pods: [asking, ...rest] },
    flannel({ backend: 'vxlan', network: POD_NETWORK, bridge: 'cni0', hairpin }),
  )
  if (defaultGateway) return all
  // host-local was told of the pod network only (plugin flannel, delegateAdd).
  return PODS.reduce((t, { name }) => {
    const n = netns(t, name)!
    const routes = n.routes.filter((r) => r.dst !== '0.0.0.0/0')
    return withSpace(t, { ...n, routes })
  }, all)
}
