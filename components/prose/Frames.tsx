import { deviceWith, hops, ipOf } from '#lib/index.ts'
import { prose } from '#components/words/en/prose.ts'
import { walkFor } from './walked.ts'
import css from './prose.module.css'

interface Props {
  readonly scenario: string
  readonly flow: string
  readonly whatIfs?: string
}

/** The frames that carried a packet, link by link, and what is written on the packet in them, from the walk. */
export async function Frames({ scenario, flow, whatIfs = '' }: Props) {
  const { walk } = await walkFor('Frames', { scenario, flow, whatIfs })
  const all = hops(walk)
  const inside = all.map((h) => ipOf(h.frame.packet)!)
  const [first] = inside
  if (first === undefined) throw new RangeError(`<Frames>: ${scenario} ${flow} crosses no link`)
  const whose = (mac: (typeof all)[number]['from']): string => deviceWith(walk.before, mac) ?? mac
  const frames = all.map((h, i) => [prose.frame(i + 1), whose(h.from), whose(h.to)])
  const same = inside.every((ip) => ip.src === first.src && ip.dst === first.dst)
  const packet = same
    ? [[prose.packetAlways, first.src, first.dst]]
    : inside.map((ip, i) => [prose.packetIn(i + 1), ip.src, ip.dst])
  return (
    <table className={css.frames} aria-label={prose.frames}>
      <thead>
        <tr>
          <th scope="col">{prose.what}</th>
          <th scope="col">{prose.from}</th>
          <th scope="col">{prose.to}</th>
        </tr>
      </thead>
      <tbody>
        {[...frames, ...packet].map(([what, from, to]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{from}</td>
            <td>{to}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
