import * as v from 'valibot'
import { isIpv4, type Address } from '#lib/wire/addr.ts'
import { object, oneOf, short, tell, whole, type Say } from '#lib/topology/problem.ts'
import { ipv4 } from '#lib/topology/schema.ts'
import type { Listen, Publish } from './spec.ts'

/* Ports of a container or pod that its machine answers for: Docker's `-p` as text, Kubernetes' hostPort as an object. */

/** As it was written: nobody has said which protocol where none stands. */
export interface Written {
  readonly host: number
  readonly port: number
  readonly ip?: Address
  readonly proto?: Listen['proto']
}

const TEXT = /^(?:(\[.*\]|[^:]*):)?([^:/]*):([^:/]*)(?:\/(\w*))?$/
const isPort = (x: string | undefined): boolean =>
  x !== undefined && /^[1-9]\d{0,4}$/.test(x) && Number(x) < 65536
const isRange = (x: string | undefined): boolean => x !== undefined && /^\d+-\d+$/.test(x)
const protoOf = (x: string): Listen['proto'] | undefined =>
  (['tcp', 'udp'] as const).find((p) => p === x.toLowerCase())

/** What keeps a text from being a published port; null if it is one. */
function wrong(x: string): string | null {
  const [, ip, host, port, proto] = TEXT.exec(x) ?? []
  if (x.startsWith('[')) return tell('publish-ipv6', short(x))
  if (isRange(host) || isRange(port)) return tell('publish-range', short(x))
  if (proto?.toLowerCase() === 'sctp') return tell('publish-protocol', proto, 'tcp', 'udp')
  return isPort(host) &&
    isPort(port) &&
    (ip === undefined || isIpv4(ip)) &&
    (proto === undefined || protoOf(proto) !== undefined)
    ? null
    : tell('published', short(x))
}

const text = v.pipe(
  v.custom<string>(
    (x) => typeof x === 'string',
    (i) => tell('published', short(i.input)),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    const said = dataset.typed ? wrong(dataset.value) : null
    if (said !== null) addIssue({ message: said })
  }),
  v.transform((x): Written => {
    const [, ip, host, port, proto] = TEXT.exec(x)!
    return {
      host: Number(host),
      port: Number(port),
      ...(ip === undefined || ip === '0.0.0.0' ? {} : { ip: ip as Address }),
      ...(proto === undefined ? {} : { proto: protoOf(proto)! }),
    }
  }),
)

const port = whole(1, 65535, 'port')
const containerPort = v.pipe(
  object({
    hostPort: port,
    containerPort: port,
    hostIP: v.exactOptional(ipv4),
    protocol: v.exactOptional(
      v.pipe(
        v.custom<string>((x) => x !== 'SCTP', tell('publish-protocol', 'SCTP', 'TCP', 'UDP')),
        oneOf(['TCP', 'UDP', 'tcp', 'udp']),
      ),
    ),
  }),
  v.transform((x): Written => ({
    host: x.hostPort,
    port: x.containerPort,
    ...(x.hostIP === undefined || x.hostIP === '0.0.0.0' ? {} : { ip: x.hostIP }),
    ...(x.protocol === undefined ? {} : { proto: protoOf(x.protocol)! }),
  })),
)

/** One entry of `publish`. */
export const publish = v.lazy(
  (x) =>
    (typeof x === 'object' && x !== null ? containerPort : text) as v.GenericSchema<
      unknown,
      Written
    >,
)

/** With its protocol: where none was written, the one that the pod listens on there; tcp if it listens on both, or on neither. */
export function publishes(written: readonly Written[], listen: readonly Listen[]): Publish[] {
  return written.map(({ proto, ...x }) => {
    const on = listen.filter((l) => l.port === x.port).map((l) => l.proto)
    return { ...x, proto: proto ?? (on.includes('udp') && !on.includes('tcp') ? 'udp' : 'tcp') }
  })
}

/** A port that a machine answers for, and where the file says so. */
export interface Placed {
  readonly path: string
  readonly node: string
  readonly published: Publish
}

/** bind(): EADDRINUSE. One socket for all addresses keeps any other from the port. */
export function bindsOnce(all: readonly Placed[], say: Say): void {
  const taken = new Map<string, Placed[]>()
  for (const x of all) {
    const { proto, host, ip } = x.published
    const key = `${x.node} ${proto} ${host}`
    const there = taken.get(key) ?? []
    const first = there.find(
      (o) => o.published.ip === undefined || ip === undefined || o.published.ip === ip,
    )
    if (first !== undefined) say(x.path, 'port-twice', proto, host, ip ?? '', x.node, first.path)
    taken.set(key, [...there, x])
  }
}
