import { memo } from 'react'
import type { Step, Walk } from '#lib/index.ts'
import { bandOf } from './place.ts'
import type { Box, Scene } from './layout.ts'
import { envelopes, type Envelope } from './token.ts'
import { wiresOf, type Visit } from './way.ts'
import { path, route } from './wire.ts'
import css from './Diagram.module.css'

/** The one box in the order of tabs, and what the hands do: always the same functions, so that a step draws only the boxes it changes. */
export interface Reach { readonly roving: string | undefined; readonly hands: Hands }
export interface Hands { readonly focus: (box: Box) => void; readonly click: (box: Box, e: React.MouseEvent) => void; readonly key: (box: Box, e: React.KeyboardEvent) => void }

interface Props {
  readonly scene: Scene; readonly walk: Walk; readonly step: Step; readonly here: Box | null; readonly way: readonly Visit[]
  /** Of the patterns in the document, which is this picture's own. */
  readonly hatch: string
  /** What makes the boxes reachable by keyboard; left out in a still. */
  readonly reach?: Reach
  readonly token?: React.Ref<SVGGElement>; readonly tokenAt?: string
  /** What comes off the packet at this step. */
  readonly shed?: Envelope | null
}

/** How far the token's foot stands below the upper edge of its box. */
export const FOOT = 4
export const footOf = (b: Box): number => b.y - b.h / 2 + FOOT

/** What is drawn: bands are depth, boxes come from the rows, the token is where the packet is and wears what is around it. */
export function Picture({ scene, walk, step, here, way, hatch, reach, token, tokenAt, shed = null }: Props) {
  return (
    <>
      <Ground scene={scene} hatch={hatch} />
      {wiresOf(way, step.n).map((l) => <Wire key={`${l.from.id}|${l.to.id}`} scene={scene} from={l.from} to={l.to} className={css.leg!} done={l.done} band={bandOf(scene, l.deeper)?.kind} />)}
      {scene.boxes.map((b) => <Place key={b.id} box={b} here={here?.id === b.id} hatch={hatch} tab={reach === undefined ? null : b.id === reach.roving ? 0 : -1} hands={reach?.hands} />)}
      {here !== null && (
        <g ref={token} style={{ transform: tokenAt ?? `translate(${here.x}px, ${footOf(here)}px)` }} data-token="" className={css.packet}>
          <Token layers={envelopes(walk, step)} shed={shed} dropped={step.drop !== null} hatch={hatch} />
        </g>
      )}
    </>
  )
}

interface WireProps { readonly scene: Scene; readonly from: Box; readonly to: Box; readonly className: string; readonly done?: boolean; readonly band?: string | undefined }

const Wire = memo(function Wire({ scene, from, to, className, done, band }: WireProps) {
  return <path d={path(route(scene, from, to))} className={className} data-done={done} data-band={band} />
})

/** What no step changes: patterns, bands, nodes, wires. */
const Ground = memo(function Ground({ scene, hatch }: { readonly scene: Scene; readonly hatch: string }) {
  const by = (id: string): Box | undefined => scene.boxes.find((b) => b.id === id)
  const vpc = scene.bands.find((b) => b.kind === 'vpc')
  return (
    <>
      <defs>
        <pattern id={hatch} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="7" className={css.hatch} /></pattern>
      </defs>
      {scene.bands.map((b) => (
        <g key={b.kind}>
          <rect x={-scene.width} y={b.y} width={3 * scene.width} height={b.h} className={css.band} data-band={b.kind} />
          <text x="12" y={b.y + 20} className={css.bandName}>{b.name}</text>
          <text x="12" y={b.y + 37} className={css.bandSub}>{b.sub}</text>
        </g>
      ))}
      {scene.columns.map((c) => (
        <g key={c.name}>
          <rect x={c.x} y="8" width={c.w} height={(vpc?.y ?? scene.height) - 16} rx="12" className={css.node} data-outside={c.outside === true} />
          <text x={c.x + 14} y="30" className={css.nodeName}>{c.name} <tspan className={css.mono}>{c.ip}</tspan></text>
        </g>
      ))}
      {scene.wires.map(([a, b]) => { const x = by(a); const y = by(b); return x === undefined || y === undefined ? null : <Wire key={`${a}|${b}`} scene={scene} from={x} to={y} className={css.wire!} /> })}
    </>
  )
})

/** `tab` is its place in the order of tabs, null in a still. */
interface PlaceProps { readonly box: Box; readonly here: boolean; readonly hatch: string; readonly tab: 0 | -1 | null; readonly hands: Hands | undefined }

const Place = memo(function Place({ box: b, here, hatch, tab, hands }: PlaceProps) {
  const reached: React.SVGProps<SVGGElement> = tab === null || hands === undefined ? {} : {
    role: 'button', tabIndex: tab, 'aria-label': `${b.label}${b.sub === '' ? '' : ` ${b.sub}`}${b.title === b.label ? '' : `, ${b.title}`}${here ? ', the packet is here' : ''}`,
    onFocus: () => hands.focus(b), onClick: (e) => hands.click(b, e), onKeyDown: (e) => hands.key(b, e),
  }
  return (
    <g>
      {b.title !== b.label && <title>{b.title}</title>}
      <g data-kind={b.kind} data-here={here} data-box={b.id} className={css.box} {...reached}>
        <rect x={b.x - b.w / 2} y={b.y - b.h / 2} width={b.w} height={b.h} rx={b.kind === 'veth' ? 13 : b.kind === 'bridge' ? 4 : 8} />
        {b.kind === 'host' && <rect x={b.x - b.w / 2} y={b.y - b.h / 2} width={b.w} height={b.h} rx="8" fill={`url(#${hatch})`} className={css.hatched} />}
        {/* A bridge has ports along its upper edge, a NIC has contacts. */}
        {b.kind === 'bridge' && [-0.36, -0.12, 0.12, 0.36].map((f) => <rect key={f} x={b.x + f * b.w - 4} y={b.y - b.h / 2} width="8" height="4" className={css.port} />)}
        {b.kind === 'nic' && [-18, -6, 6, 18].map((f) => <line key={f} x1={b.x + f} x2={b.x + f} y1={b.y + b.h / 2 + 1} y2={b.y + b.h / 2 + 4} className={css.contact} />)}
        <text><tspan x={b.x} y={b.sub === '' ? b.y + 4.5 : b.y - 1} className={css.label} data-long={b.label.length * 7.6 > b.w - 8}>{b.label}</tspan>{b.sub !== '' && <> <tspan x={b.x} y={b.y + 12.5} className={css.sub}>{b.sub}</tspan></>}</text>
      </g>
    </g>
  )
})

/** The packet in its envelopes, the innermost on top. */
function Token({ layers, shed, dropped, hatch }: { readonly layers: readonly Envelope[]; readonly shed: Envelope | null; readonly dropped: boolean; readonly hatch: string }) {
  const one = (e: Envelope, i: number, off = false): React.ReactNode => (
    <g key={`${i}${e.kind}${off ? ' off' : ''}`} className={css.envelope} data-kind={e.kind} data-layer={i} data-off={off}>
      <rect x={-e.w / 2} y={-e.h - e.bottom} width={e.w} height={e.h} rx={e.kind === 'packet' || e.kind === 'arp' ? 5 : 8} />
      {e.kind === 'hidden' && <rect x={-e.w / 2} y={-e.h - e.bottom} width={e.w} height={e.h} rx="8" fill={`url(#${hatch})`} className={css.hatched} />}
      {e.text !== '' && <text x="0" y={-e.h - e.bottom + 14} className={css.tokenText}>{e.text}</text>}
    </g>
  )
  const top = layers[layers.length - 1]!
  return (
    <>
      {shed !== null && one(shed, layers.length, true)}
      {layers.map((e, i) => one(e, i)).toReversed()}
      {dropped && <g className={css.cross} transform={`translate(${top.w / 2 + 10} ${-top.h / 2})`}><circle r="13" /><line x1="-6" y1="-6" x2="6" y2="6" /><line x1="6" y1="-6" x2="-6" y2="6" /></g>}
    </>
  )
}
