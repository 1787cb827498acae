import type { Walk } from '#lib/index.ts'
import { prose } from '#components/words/en/prose.ts'
import { listed } from '#components/chapter/check.ts'
import { Send } from './Send.tsx'
import { walkFor } from './walked.ts'
import css from './prose.module.css'

interface Props {
  readonly scenario: string
  readonly flows: string
  readonly figure: string
}

/** A traceroute: where each probe ends and who answers it, from the walks. Each can be sent. */
export async function Probes({ scenario, flows, figure }: Props) {
  const probes = await Promise.all(
    listed(flows).map(async (name) => {
      const { flow, walk } = await walkFor('Probes', { scenario, flow: name })
      return { name, ttl: flow.ttl, ...end(walk) }
    }),
  )
  return (
    <table className={css.probes} aria-label={prose.probes}>
      <thead>
        <tr>
          <th scope="col">{prose.ttl}</th>
          <th scope="col">{prose.endsAt}</th>
          <th scope="col">{prose.toldBy}</th>
        </tr>
      </thead>
      <tbody>
        {probes.map((p) => (
          <tr key={p.name}>
            <th scope="row">
              <Send figure={figure} flow={p.name} label={prose.send(p.ttl)}>
                {p.ttl}
              </Send>
            </th>
            <td>{p.at}</td>
            <td data-silent={p.by === null}>{p.by ?? prose.nobody}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function end({ delivered, loss, flow, steps }: Walk): {
  readonly at: string
  readonly by: string | null
} {
  if (delivered || loss === null)
    return { at: steps.findLast((s) => s.message === 0)?.in ?? '', by: flow.to }
  const { drop, icmp } = loss
  const program = 'daemon' in drop ? drop.daemon : null
  return {
    at: program === null ? loss.in : prose.programOf(program, loss.in),
    by: icmp?.from ?? null,
  }
}
