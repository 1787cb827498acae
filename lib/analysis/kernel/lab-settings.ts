import { isLo, wireOf } from '#lib/topology/devs.ts'
import { payloadHex } from '#lib/wire/payload.ts'
import type { Socket } from '#lib/topology/rows.ts'
import { assured, timeoutOf } from '#lib/topology/tables/conntrack/row.ts'
import type { Netns, Vpc } from '#lib/topology/topology.ts'
import { answerSize, questionSize } from '#lib/trace/flow.ts'
import { carried } from './lab-connections.ts'

/* What the programs of a lab (python/) are told. */

const place = (at: { readonly netns: string; readonly dev: string }): object => ({
  netns: at.netns,
  dev: at.dev,
})

/** What the programs are told, as JSON: one line a row, and of a row only what the programs know. */
export function settings(
  nets: readonly Netns[],
  vpcs: readonly Vpc[],
  carriers: ReadonlyMap<string, readonly string[]>,
): string {
  const v = vpcs[0]
  const lines = (name: string, rows: readonly object[]): string =>
    `"${name}": [${rows.map((r) => `\n  ${JSON.stringify(r)}`).join(',')}]`
  return `{${[
    lines(
      'devices',
      nets.map((n) => ({
        netns: n.name,
        devs: n.devs.filter((d) => !isLo(d)).map((d) => d.name),
        carrier: carriers.get(n.name) ?? [],
      })),
    ),
    ...(v === undefined
      ? []
      : [
          lines(
            'nics',
            nets.flatMap((n) =>
              n.devs.flatMap((d) => {
                const wire = wireOf(d)
                if (wire === null) return []
                const to = 'gateway' in wire ? { gateway: wire.gateway } : { eni: wire.eni }
                return [{ netns: n.name, dev: d.name, ...to }]
              }),
            ),
          ),
          `"cidrs": ${JSON.stringify(v.cidrs)}`,
          lines(
            'enis',
            v.enis.map((e) => ({
              id: e.id,
              subnet: e.subnet,
              mac: e.mac,
              ips: e.ips,
              prefixes: e.prefixes ?? [],
              publicIp: e.publicIp ?? null,
              check: e.sourceDestCheck,
              attached: place(e.attached),
              ...(e.branch === undefined ? {} : { trunk: e.branch.trunk, vlan: e.branch.vlan }),
            })),
          ),
          lines(
            'subnets',
            v.subnets.map((s) => ({
              id: s.id,
              cidr: s.cidr,
              routeTable: s.routeTable,
              router: { ip: s.router.ip, mac: s.router.mac },
            })),
          ),
          lines(
            'gateways',
            v.gateways.map((g) => ({ id: g.id, mtu: g.mtu })),
          ),
          `"peerings": ${JSON.stringify(v.peerings.map((p) => p.id))}`,
          lines(
            'routes',
            v.vpcRoutes.map((r) => ({ routeTable: r.routeTable, dst: r.dst, target: r.target })),
          ),
          lines(
            'outside',
            v.outside.map((h) => ({
              gateway: h.gateway,
              ip: h.ip,
              mac: h.mac,
              attached: place(h.attached),
            })),
          ),
        ]),
    lines(
      'daemons',
      nets.flatMap((n) =>
        n.daemons.map((d) => ({
          netns: n.name,
          tun: d.tun,
          mtu: n.devs.find((x) => x.name === d.tun)?.mtu ?? 1500,
          tunnel: n.devs.find((x) => x.name === d.tun)?.addrs[0]?.split('/')[0] ?? null,
          local: d.local,
          port: d.port,
          leases: n.leases.filter((l) => l.daemon === d.name).map((l) => [l.subnet, l.publicIp]),
        })),
      ),
    ),
    lines(
      'sockets',
      nets.flatMap((n) =>
        n.sockets.map((s) => ({
          netns: n.name,
          proto: s.proto,
          addr: s.addr ?? '0.0.0.0',
          port: s.port,
          ...says(s),
          ...(s.relay === undefined ? {} : { relay: [s.relay.ip, s.relay.port] }),
        })),
      ),
    ),
    lines(
      'connections',
      nets.flatMap((n) =>
        carried(n).map((c) => ({
          netns: n.name,
          proto: c.proto,
          original: c.original,
          reply: c.reply,
          mark: c.mark,
          state: c.proto === 'tcp' ? (c.state ?? 'ESTABLISHED') : null,
          replied: c.replied,
          assured: assured(c),
          timeout: timeoutOf(c),
        })),
      ),
    ),
  ].join(',\n')}}`
}

/** How many bytes a listener answers: as many as a walk's does to a question as long as they are when nobody says how long. */
export function answers(s: Pick<Socket, 'proto' | 'port'>): number {
  const at = { proto: s.proto, dport: s.port }
  return answerSize({ ...at, from: '', to: '0.0.0.0', size: questionSize(at), ttl: 0 })
}

/** What a listener answers, where it is not bytes that count up. */
function says(s: Socket): object {
  const at = { proto: s.proto, dport: s.port }
  const bytes = answers(s)
  const hex = payloadHex(at, true, bytes)
  return hex === null ? {} : { says: hex.padEnd(2 * bytes, '0') }
}
