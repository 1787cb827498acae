import { headerLength, ipLength, isIp, size, type Packet } from '#lib/index.ts'
import { fields, NAMES } from './fields.ts'
import { hueOf } from './hue.ts'
import { Marked } from '#components/words/Marked.tsx'
import { figure } from '#components/words/figure.ts'
import css from './HeaderStack.module.css'

/** What a bar stands for where no link has a say. */
const BAR = 1500

/** The packet as nested envelopes, what has changed in it since `before` marked, and how much of the link it fills. */
export function HeaderStack({
  packet,
  before,
  mtu,
}: {
  readonly packet: Packet
  readonly before: Packet | null
  readonly mtu: number | null
}) {
  const length = ipLength(packet)
  const inner = packet.headers.findLastIndex((h) => isIp(h))
  const wrapped =
    inner < 0 ? 0 : length - size({ headers: packet.headers.slice(inner), payload: packet.payload })
  const frame = packet.headers[0]?.kind === 'ethernet' ? size(packet) : null
  const shift = before === null ? 0 : packet.headers.length - before.headers.length
  const nest = (i: number): React.ReactNode => {
    const h = packet.headers[i]
    if (h === undefined)
      return packet.payload.length === 0 ? null : (
        <div className={css.payload}>
          {figure().payload} <b>{packet.payload.length}</b>
        </div>
      )
    const was = before?.headers[i - shift]
    const fresh =
      before !== null && (was === undefined || was.kind !== h.kind) && shift > 0 && i < shift
    const known = was !== undefined && was.kind === h.kind ? new Map(fields(was)) : null
    return (
      <div className={css.header} data-hue={hueOf(packet, i)} data-new={fresh}>
        <div className={css.line}>
          <span className={css.name} translate="no">
            {NAMES[h.kind]}
          </span>{' '}
          <span className={css.bytes}>{headerLength(h)}</span>
          {fields(h).map(([k, v]) => (
            <span
              key={k}
              className={css.field}
              data-changed={!fresh && known !== null && known.get(k) !== v}
            >
              <i translate="no">{k}</i> {v}
              {!fresh && known !== null && known.get(k) !== v && known.has(k) && (
                <s>{known.get(k)}</s>
              )}
            </span>
          ))}
          {fresh && <span className={css.new}>{figure().newHere}</span>}
        </div>
        {nest(i + 1)}
      </div>
    )
  }
  const part = (bytes: number): React.CSSProperties => ({
    width: `${(bytes / Math.max(length, mtu ?? BAR)) * 100}%`,
  })
  return (
    <div className={css.wrap}>
      <p className={css.budget}>
        <span>
          <Marked
            text={
              mtu === null
                ? figure().bytesAlone(length, wrapped, frame)
                : figure().bytesOfMtu({ length, mtu, wrapped, frame })
            }
          />
        </span>
        <span className={css.bar} aria-hidden="true" data-over={mtu !== null && length > mtu}>
          {packet.headers.map((h, i) =>
            i === 0 && h.kind === 'ethernet' ? null : (
              <span key={i} data-hue={hueOf(packet, i)} style={part(headerLength(h))} />
            ),
          )}
          <span data-hue="payload" style={part(packet.payload.length)} />
        </span>
      </p>
      {nest(0)}
    </div>
  )
}
