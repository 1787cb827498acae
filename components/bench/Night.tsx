import { bench } from '#components/words/en/bench.ts'
import { loadNight } from '#lib/index.ts'
import { Gate } from './Gate.tsx'
import { BACKENDS } from './backends.ts'
import { night } from './nights.ts'

interface Props {
  readonly id: string
  readonly figure?: string
}

/** A night in which flanneld does not run: when does which backend go dark? Without scripts all its hours stand below each other, closed. */
export async function Night({ id, figure = '' }: Props) {
  const { HOURS } = await loadNight()
  const { hours } = await night()
  const says = bench.night
  return (
    <>
      <Gate
        kind="night"
        figure={figure}
        given={{ id, hours: HOURS.map(({ id: h, at }) => ({ id: h, at })) }}
      />
      <noscript>
        <details>
          <summary>{says.hours}</summary>
          <ul>
            {hours.map((h) => (
              <li key={h.id}>
                {says.hour(h.at, h.id)}{' '}
                {h.rows
                  .map(
                    ({ talk, cells }) =>
                      `${says.talk(talk)}: ${cells.map((c, i) => `${says.backend(BACKENDS[i]!)} ${c.arrives ? says.arrives : says.lost}`).join(', ')}`,
                  )
                  .join('; ')}
              </li>
            ))}
          </ul>
        </details>
      </noscript>
    </>
  )
}
