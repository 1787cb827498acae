import { addressOf, DATAGRAM_HEADERS, netns, predict, SEEDS, type Topology } from '#lib/index.ts'
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

/** What a what-if does. Behind the colon its title says what comes of it, which is asked here. */
const changeOf = (title: string): string => title.split(': ')[0]!

/** A question of an earlier chapter on other addresses: which, the device keeps. All of them are made when the page is built. */
export async function Recall({ figure = '', ...asked }: Props) {
  const drawn = await Promise.all(
    Array.from({ length: SEEDS }, async (_, seed) => {
      const of = recallOf(asked, seed)
      const { options, scenario, flow } = await predict(of)
      const { from, to, proto, dport, size } = scenario.flows[flow]!
      return {
        of,
        outcomes: options.map((o) => o.outcome),
        at: of.step === undefined ? null : words().recalledAt(of.step.split(' ')[0]!),
        says: words().recalled(
          [withAddress(scenario.topology, from), dport === 0 ? to : `${to}:${dport}`],
          proto === 'icmp' ? { ping: size + DATAGRAM_HEADERS } : null,
          {
            world: scenario.title,
            changes: of.whatIfs.map((w) => changeOf(scenario.whatIfs[w]!.title)),
          },
        ),
      }
    }),
  )
  return <Recalled drawn={drawn} figure={figure} />
}
