import { figureOf } from '#components/figure/registry.ts'
import { bench as words } from '#components/words/bench.ts'
import { BACKENDS, type Hour } from './backends.ts'
import css from './Bench.module.css'

interface Props {
  readonly hours: readonly Hour[]
  readonly at: number
  readonly go: (to: number) => void
  readonly figure: string
}

/** An hour of the night: who reaches whom, each with its walk. */
export function Hours({ hours, at, go, figure }: Props) {
  const says = words().night
  const hour = hours[at]!
  return (
    <>
      <div className={css.strip} role="group" aria-label={says.hours}>
        {hours.map((h, i) => (
          <button key={h.id} type="button" aria-pressed={i === at} onClick={() => go(i)}>
            {says.clock(h.at)}
          </button>
        ))}
      </div>
      <p role="status">{says.hour(hour.at, hour.id)}</p>
      <table aria-label={says.hour(hour.at, hour.id)}>
        <thead>
          <tr>
            <th scope="col">{says.who}</th>
            {BACKENDS.map((b) => (
              <th key={b} scope="col">
                {says.backend(b)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hour.rows.map(({ talk, cells }) => (
            <tr key={talk}>
              <th scope="row">{says.talk(talk)}</th>
              {cells.map((c, i) => (
                <td key={BACKENDS[i]}>
                  <button
                    type="button"
                    data-good={c.arrives}
                    title={c.lost ?? undefined}
                    aria-label={`${c.arrives ? says.arrives : says.lostAt(c.lost ?? '')}. ${says.see(BACKENDS[i]!, talk)}`}
                    onClick={() =>
                      figureOf(figure)?.show(c.walk, says.shows(BACKENDS[i]!, hour.at), 0)
                    }
                  >
                    {c.arrives ? '✓' : '✗'} {c.arrives ? says.arrives : says.lost}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
