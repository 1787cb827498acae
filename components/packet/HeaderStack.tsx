import { headerLength, ipLength, size, type Header, type Packet, type Step } from '#lib/index.ts'
import { hueOf } from './hue.ts'
import css from './HeaderStack.module.css'

/** The fields of a header a reader looks for first. */
export function fields(h: Header): readonly (readonly [string, string])[] {
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

/** What a bar stands for where no link has a say. */
const BAR = 1500

/** The packet as nested envelopes, what this step changed marked, and how much of the link it fills. */
export function HeaderStack({ packet, before, mtu }: { readonly packet: Packet; readonly before: Step | undefined; readonly mtu: number | null }) {
  const length = ipLength(packet)
  const inner = packet.headers.findLastIndex((h) => h.kind === 'ipv4')
  const wrapped = inner < 0 ? 0 : length - size({ headers: packet.headers.slice(inner), payload: packet.payload })
  const old = before?.packet
  const shift = old === undefined ? 0 : packet.headers.length - old.headers.length
  const nest = (i: number): React.ReactNode => {
    const h = packet.headers[i]
    if (h === undefined) return packet.payload.length === 0 ? null : <div className={css.payload}>payload <b>{packet.payload.length}</b></div>
    const was = old?.headers[i - shift]
    const fresh = old !== undefined && (was === undefined || was.kind !== h.kind) && shift > 0 && i < shift
    const known = was !== undefined && was.kind === h.kind ? new Map(fields(was)) : null
    return (
      <div className={css.header} data-hue={hueOf(packet, i)} data-new={fresh}>
        <div className={css.line}>
          <span className={css.name}>{NAMES[h.kind]}</span> <span className={css.bytes}>{headerLength(h)}</span>
          {fields(h).map(([k, v]) => <span key={k} className={css.field} data-changed={!fresh && known !== null && known.get(k) !== v}><i>{k}</i> {v}{!fresh && known !== null && known.get(k) !== v && known.has(k) && <s>{known.get(k)}</s>}</span>)}{fresh && <span className={css.new}>new here</span>}
        </div>
        {nest(i + 1)}
      </div>
    )
  }
  const part = (bytes: number): React.CSSProperties => ({ width: `${(bytes / Math.max(length, mtu ?? BAR)) * 100}%` })
  return (
    <div className={css.wrap}>
      <p className={css.budget}>
        <span>{mtu === null ? `${length} bytes count against an MTU` : <><b>{length}</b> of the {mtu} bytes of the MTU here</>}{wrapped > 0 && `, ${wrapped} of them wrapping`}{packet.headers[0]?.kind === 'ethernet' ? `; a frame of ${size(packet)}` : ''}</span>
        <span className={css.bar} aria-hidden="true" data-over={mtu !== null && length > mtu}>
          {packet.headers.map((h, i) => (i === 0 && h.kind === 'ethernet' ? null : <span key={i} data-hue={hueOf(packet, i)} style={part(headerLength(h))} />))}
          <span data-hue="payload" style={part(packet.payload.length)} />
        </span>
      </p>
      {nest(0)}
    </div>
  )
}
