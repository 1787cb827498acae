'use client'
import { useState } from 'react'
import { encode, fieldsOf, type Field, type Packet } from '#lib/index.ts'
import { NAMES } from './fields.ts'
import { hueOf } from './hue.ts'
import { figure } from '#components/words/figure.ts'
import css from './Bytes.module.css'

const ROW = 16
const hex = (n: number): string => n.toString(16).padStart(2, '0')

/** The bytes and the fields they are, tied both ways: point at one and the other lights up. What the step changed is marked with what it was. */
export function Bytes({
  packet,
  before,
}: {
  readonly packet: Packet
  readonly before: Packet | null
}) {
  const [lit, setLit] = useState<number | null>(null)
  const bytes = encode(packet)
  const fields = fieldsOf(packet, before)
  const owner = new Map<number, number>()
  fields.forEach((f, i) => {
    for (let b = f.from; b < f.to; b += 1) if (!owner.has(b)) owner.set(b, i)
  })
  const shown = lit === null ? undefined : fields[lit]
  const rows = Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, i) => i)
  const inLit = (b: number): boolean => shown !== undefined && b >= shown.from && b < shown.to
  return (
    <div className={css.bytes} onPointerLeave={() => setLit(null)}>
      <p className={css.said}>
        {shown === undefined ? figure().pointAtBytes(bytes.length) : told(shown)}
      </p>
      <pre className={css.dump} tabIndex={0} aria-label={figure().bytesInHex(bytes.length)}>
        {rows.map((r) => (
          <span key={r} className={css.row}>
            <span className={css.offset}>{(r * ROW).toString(16).padStart(4, '0')} </span>
            {Array.from(bytes.subarray(r * ROW, r * ROW + ROW), (b, i) => {
              const at = r * ROW + i
              const f = owner.get(at)
              const field = f === undefined ? undefined : fields[f]
              return (
                <span
                  key={i}
                  data-hue={field === undefined ? 'payload' : hueOf(packet, field.header)}
                  data-lit={inLit(at)}
                  data-changed={field !== undefined && field.was !== null}
                  className={css.byte}
                  onPointerEnter={() => setLit(f ?? null)}
                >
                  {hex(b)}{' '}
                </span>
              )
            })}
            {'\n'}
          </span>
        ))}
      </pre>
      {packet.headers.map((h, i) => (
        <section key={i} data-hue={hueOf(packet, i)} className={css.header}>
          <p className={css.name}>
            <span translate="no">{NAMES[h.kind]}</span>
            {before !== null && fields.find((f) => f.header === i)?.fresh === true && (
              <span className={css.fresh}>{figure().newHere}</span>
            )}
          </p>
          <ul>
            {fields.map((f, n) =>
              f.header !== i || f.name.startsWith('reserved') ? null : (
                <li key={n}>
                  <button
                    type="button"
                    data-lit={lit === n}
                    data-changed={f.was !== null}
                    onPointerEnter={() => setLit(n)}
                    onFocus={() => setLit(n)}
                    onClick={() => setLit(n)}
                  >
                    <i translate="no">{f.name.replaceAll('_', ' ')}</i> <b>{f.text}</b>
                    {f.right !== null && (
                      <span data-right={f.right}>{f.right ? figure().right : figure().wrong}</span>
                    )}
                    {f.was !== null && <s>{figure().was(f.was)}</s>}
                  </button>
                </li>
              ),
            )}
          </ul>
        </section>
      ))}
      {packet.payload.length > 0 && (
        <p className={css.said}>{figure().payloadBytes(packet.payload.length)}</p>
      )}
    </div>
  )
}

/** The field, what is in it, and where it is. */
function told(f: Field): string {
  const name = `${NAMES[f.kind]} ${f.name.replaceAll('_', ' ')}`
  return f.to - f.from === 1
    ? figure().fieldIsByte(name, f.text, f.from)
    : figure().fieldIsBytes(name, f.text, [f.from, f.to - 1])
}
