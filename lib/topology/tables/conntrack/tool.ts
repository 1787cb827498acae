import { PROTO } from '#lib/wire/packet.ts'
import { typed } from '../../shell.ts'
import type { Change, Tool } from '../../tool.ts'
import { words } from '../../text.ts'
import { assured, conntrackText, hasPorts, timeoutOf, type Conntrack, type Tuple } from './row.ts'

/** conntrack knows few protocols by name, and the others by number. */
const named = (proto: Conntrack['proto']): string =>
  proto === 'ipencap' ? String(PROTO[proto]) : proto

function connection(c: Change<'conntrack'>): string {
  const ends = ({ proto, original }: Conntrack): string => {
    const o = original as Tuple | undefined
    if (o === undefined) return ` -p ${named(proto)}`
    const ports =
      proto === 'icmp'
        ? ` --icmp-type 8 --icmp-code 0 --icmp-id ${o.sport}`
        : hasPorts({ proto })
          ? ` --sport ${o.sport} --dport ${o.dport}`
          : ''
    return ` -p ${named(proto)} -s ${o.src} -d ${o.dst}${ports}`
  }
  const del = (x: Conntrack): string => `conntrack -D${ends(x)}`
  const add = (x: Conntrack): string =>
    `conntrack -I${ends(x)}${x.reply === undefined ? '' : fresh(x)}`
  if (c.op === 'del' || (c.op === 'set' && c.to.gone === true)) return del(c.before!)
  if (c.op === 'add') return add(c.after!)
  return Object.keys(c.to).every((k) => k === 'mark')
    ? `conntrack -U${ends(c.after!)} --mark ${c.after!.mark}`
    : c.before!.gone === true
      ? add(c.after!)
      : typed({ commands: [del(c.before!), add(c.after!)] })
}

/** What `conntrack -I` must be told of a connection besides where it comes from and goes to. The reply of an echo it does not take, only how it is translated; and --mark must be behind --status, which overwrites it (1.4.7). */
function fresh(c: Conntrack): string {
  const { original: o, reply: r } = c
  const nat = `${r.dst === o.src ? '' : ` --src-nat ${r.dst}`}${r.src === o.dst ? '' : ` --dst-nat ${r.src}`}`
  const ends =
    c.proto === 'icmp'
      ? nat
      : ` -r ${r.src} -q ${r.dst}${hasPorts(c) ? ` --reply-port-src ${r.sport} --reply-port-dst ${r.dport}` : ''}`
  const status = [c.replied && 'SEEN_REPLY', assured(c) && 'ASSURED']
    .filter((x) => x !== false)
    .join(',')
  return words(
    `${ends} --timeout ${timeoutOf(c)}`,
    c.state !== undefined && `--state ${c.state}`,
    status !== '' && `--status ${status}`,
    c.mark !== 0 && `--mark ${c.mark}`,
  )
}

export const conntrack: Tool<'conntrack'> = {
  readAt: 6,
  command: connection,
  print: (n) => ({
    command: 'conntrack -L',
    lines: n.conntrack.flatMap((c, row) =>
      c.gone === true ? [] : [{ text: conntrackText(c), row }],
    ),
  }),
}
