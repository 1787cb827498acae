import { addressOf, netns, predict, SEEDS, type Topology } from '#lib/index.ts'
import { predict as words } from '#components/words/predict.ts'
import { recallOf, type Asked } from './author.ts'
import { Recalled } from './Recalled.tsx'

interface Props extends Asked {
  readonly figure?: string
}

const withAddress = (t: Topology, name: string): string => {
  const first = netns(t, name)
    ?.devs.flatMap((d) => d.addrs.map(addressOf))
    .find((a) => !a.startsWith('127.'))
  return first === undefined ? name : `${name} (${first})`
}

/** A question of an earlier chapter on other addresses: which, the device keeps. All of them are made when the page is built. */
export async function Recall({ figure = '', ...asked }: Props) {
  const drawn = await Promise.all(
    Array.from({ length: SEEDS }, async (_, seed) => {
      const of = recallOf(asked, seed)
      const { options, scenario, flow } = await predict(of)
      const { from, to, dport } = scenario.flows[flow]!
      return {
        of,
        outcomes: options.map((o) => o.outcome),
        at: of.step === undefined ? null : words().recalledAt(of.step.split(' ')[0]!),
        says: words().recalled(
          withAddress(scenario.topology, from),
          dport === 0 ? to : `${to}:${dport}`,
          scenario.title,
        ),
      }
    }),
  )
  return <Recalled drawn={drawn} figure={figure} />
}
