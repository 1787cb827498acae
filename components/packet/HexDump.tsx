import { dissect, encode, type Packet } from '#lib/index.ts'
import css from './HexDump.module.css'

const hex = (n: number): string => n.toString(16).padStart(2, '0')

/** The bytes, each in the colour of the header it belongs to, with the field in its title. */
export function HexDump({ packet }: { readonly packet: Packet }) {
  const bytes = encode(packet)
  const { spans } = dissect(bytes, packet.headers[0]?.kind === 'ethernet' ? 'ethernet' : 'ipv4')
  const owner = new Map<number, { kind: string; title: string; header: number }>()
  for (const s of spans) for (let b = s.bit >> 3; b <= (s.bit + s.bits - 1) >> 3; b += 1) if (!owner.has(b)) owner.set(b, { kind: s.kind, title: `${s.kind}.${s.field}`, header: s.header })
  const rows = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => i)
  return (
    <pre className={css.dump} tabIndex={0} aria-label={`${bytes.length} bytes in hexadecimal`}>
      {rows.map((r) => (
        <span key={r} className={css.row}>
          <span className={css.offset}>{(r * 16).toString(16).padStart(4, '0')} </span>
          {Array.from(bytes.subarray(r * 16, r * 16 + 16), (b, i) => { const o = owner.get(r * 16 + i); return <span key={i} data-kind={o?.kind ?? 'payload'} title={o?.title ?? 'payload'} className={css.byte}>{hex(b)} </span> })}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}
