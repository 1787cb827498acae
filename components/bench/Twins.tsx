import { bench } from '#components/words/en/bench.ts'
import { listed } from '#components/chapter/check.ts'
import { listedWorld, loadWorld } from '#lib/index.ts'
import { Gate } from './Gate.tsx'

interface Props {
  readonly id: string
  /** Their names, with commas between them; the first is looked at first. */
  readonly scenarios: string
  readonly figure?: string
}

/** Two talks with equal records are looked for, in networks to choose from. */
export async function Twins({ id, scenarios, figure = '' }: Props) {
  const worlds = await Promise.all(
    listed(scenarios).map(async (name) => {
      if ((await loadWorld(name)) === undefined)
        throw new RangeError(`<Twins>: no world is called ${name}`)
      return { id: name, short: listedWorld(name)?.short ?? name }
    }),
  )
  return (
    <>
      <Gate kind="twins" figure={figure} given={{ id, worlds }} />
      <noscript>
        <p>{bench.twins.asks}</p>
      </noscript>
    </>
  )
}
