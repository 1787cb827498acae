import { tunnelWords } from '../ipip/words.ts'
import type { Link } from '../kind.ts'
import type { GreTunnel } from './row.ts'

/** What `ip link add` is told of a GRE tunnel behind its type. */
export function greWords(d: Omit<Partial<GreTunnel>, keyof Link>): string {
  return `${tunnelWords(d)}${d.key === undefined ? '' : ` key ${d.key}`}${d.csum === true ? ' csum' : ''}`
}
