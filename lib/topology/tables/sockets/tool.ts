import { portOf } from '../../devs.ts'
import { quoted, typed } from '../../shell.ts'
import { type Change, numbered, row, service, type Tool, type ToolLine } from '../../tool.ts'
import type { Netns } from '../../topology.ts'
import { listening, socketText, type Socket } from './row.ts'

/** dockerd starts a docker-proxy for each published port (libnetwork's portmapper); the one that is stopped is the one that was there. */
function relaying(c: Change<'sockets'>, s: Socket): string {
  const [was, now] = [c.before ?? s, c.after ?? s]
  const host = (x: Socket): string =>
    `${x.program} -proto ${x.proto} -host-ip ${x.addr ?? '0.0.0.0'} -host-port ${x.port} `
  const start = `${host(now)}-container-ip ${now.relay?.ip ?? ''} -container-port ${now.relay?.port ?? ''} &`
  const stop = `pkill -f ${quoted(host(was))}`
  return c.op === 'del' ? stop : c.op === 'add' ? start : typed({ commands: [stop, start] })
}

/** The rows, the socket that the kernel itself opens for a device that is up, as vxlan_open() does, and flanneld's. */
function socketLines(n: Netns): ToolLine[] {
  const ports = new Set(n.devs.flatMap((d) => (d.up ? (portOf(d) ?? []) : [])))
  return [
    ...n.daemons.map((d) => ({
      text: listening('udp', `${d.local}:${d.port}`, d.name),
      row: null,
    })),
    ...[...ports].map((port) => ({ text: listening('udp', `0.0.0.0:${port}`, null), row: null })),
    ...numbered(n.sockets, socketText),
  ]
}

export const sockets: Tool<'sockets'> = {
  readAt: 8,
  editAt: 10,
  command: (c) => {
    const s = row(c)
    return s.relay !== undefined
      ? relaying(c, s)
      : service(
          c,
          s.program ?? `${s.proto}-${s.port}`,
          `it listens on ${s.proto ?? ''} ${s.addr ?? '0.0.0.0'}:${s.port ?? ''}`,
        )
  },
  print: (n) => ({
    command: 'ss -ltnup',
    note: 'shortened: no header, queues and process ids',
    lines: socketLines(n),
  }),
}
