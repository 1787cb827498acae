import { numbered, row, service, type Tool } from '../../tool.ts'
import { daemons as table } from './row.ts'

export const daemons: Tool<'daemons'> = {
  editAt: 7,
  command: (c) => {
    const d = row(c)
    return service(
      c,
      d.name,
      `it holds ${d.tun ?? 'its TUN'} and udp ${d.local ?? '0.0.0.0'}:${d.port ?? ''}`,
    )
  },
  print: (n) => ({
    command: 'ps',
    note: 'shortened',
    lines: numbered(n.daemons, table.text),
  }),
}
