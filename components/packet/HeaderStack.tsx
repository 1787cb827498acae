import { headerLength, ipLength, size, type Header, type Packet, type Step } from '#lib/index.ts'
import css from './HeaderStack.module.css'

/** The fields of a header a reader looks for first. */
function fields(h: Header): readonly (readonly [string, string])[] {
  switch (h.kind) {
    case 'ethernet': return [['src', h.src], ['dst', h.dst]]
    case 'arp': return [['op', h.op], ['sender', `${h.spa} ${h.sha}`], ['target', h.tpa]]
    case 'ipv4': return [['src', h.src], ['dst', h.dst], ['ttl', String(h.ttl)], ['flags', h.df ? 'DF' : h.mf ? 'MF' : '–'], ...(h.offset > 0 ? [['offset', String(h.offset)] as const] : [])]
    case 'udp': return [['ports', `${h.sport} → ${h.dport}`]]
    case 'tcp': return [['ports', `${h.sport} → ${h.dport}`], ['flags', ['FIN', 'SYN', 'RST', 'PSH', 'ACK'].filter((_, i) => h.flags & (1 << i)).join(' ')]]
    case 'icmp': return [['type', `${h.type}/${h.code}`]]
    case 'vxlan': return [['vni', String(h.vni)]]
  }
}

export const NAMES: Readonly<Record<Header['kind'], string>> = { ethernet: 'Ethernet', arp: 'ARP', ipv4: 'IPv4', udp: 'UDP', tcp: 'TCP', icmp: 'ICMP', vxlan: 'VXLAN' }

/** Is this header part of the wrapping (an IPv4 header has another one inside)? */
export function wraps(p: Packet, i: number): boolean {
  return p.headers.slice(i + 1).some((h) => h.kind === 'ipv4') && p.headers[i]?.kind !== 'ethernet' ? true : p.headers[i]?.kind === 'ethernet' && p.headers.slice(0, i).length > 0
}

/** The packet as nested envelopes, what this step changed marked, and how much of the link it fills. */
export function HeaderStack({ packet, before, mtu }: { readonly packet: Packet; readonly before: Step | undefined; readonly mtu: number | null }) {
  const length = ipLength(packet)
  const old = before?.packet
  const shift = old === undefined ? 0 : packet.headers.length - old.headers.length
  const nest = (i: number): React.ReactNode => {
    const h = packet.headers[i]
    if (h === undefined) return packet.payload.length === 0 ? null : <div className={css.payload}>payload <b>{packet.payload.length}</b></div>
    const was = old?.headers[i - shift]
    const fresh = old !== undefined && (was === undefined || was.kind !== h.kind) && shift > 0 && i < shift
    const known = was !== undefined && was.kind === h.kind ? new Map(fields(was)) : null
    return (
      <div className={css.header} data-kind={h.kind} data-outer={h.kind === 'ipv4' && wraps(packet, i)} data-new={fresh}>
        <div className={css.line}>
          <span className={css.name}>{NAMES[h.kind]}</span> <span className={css.bytes}>{headerLength(h)}</span>
          {fields(h).map(([k, v]) => <span key={k} className={css.field} data-changed={!fresh && known !== null && known.get(k) !== v}><i>{k}</i> {v}</span>)}
        </div>
        {nest(i + 1)}
      </div>
    )
  }
  return (
    <div className={css.wrap}>
      {nest(0)}
      <p className={css.budget}>
        <span>{packet.headers[0]?.kind === 'ethernet' ? `A frame of ${size(packet)} bytes; ` : 'No Ethernet header here; '}{mtu === null ? `${length} bytes would count against an MTU` : `${length} of the ${mtu} bytes of the MTU`}</span>
        {mtu !== null && <span className={css.bar} aria-hidden="true"><span style={{ width: `${Math.min(100, (length / mtu) * 100)}%` }} data-over={length > mtu} /></span>}
      </p>
    </div>
  )
}
