import { bench } from '#components/words/en/bench.ts'
import { loadRegister } from '#lib/index.ts'
import { Gate } from './Gate.tsx'

interface Props {
  readonly id: string
  readonly figure?: string
}

/** A week of a register of published numbers, kept by the reader. */
export async function Register({ id, figure = '' }: Props) {
  const { HOSTS, NUMBERS, WEEK } = await loadRegister()
  return (
    <>
      <Gate
        kind="register"
        figure={figure}
        given={{ id, week: WEEK, hosts: HOSTS, numbers: NUMBERS }}
      />
      <noscript>
        <ol>
          {WEEK.map(({ does, team }, i) => (
            <li key={i}>{bench.register.event(does, team)}</li>
          ))}
        </ol>
      </noscript>
    </>
  )
}
