import { keys, loadWorld, mtuAt, walk } from '#lib/index.ts'
import { HeaderStack } from '#components/packet/HeaderStack.tsx'
import { prose } from '#components/words/en/prose.ts'
import css from './prose.module.css'

interface Props {
  readonly scenario: string
  readonly flow: string
  readonly step: string
}

/** The envelopes of a packet at a step, put in when the page is built. */
export async function Stack({ scenario, flow, step }: Props) {
  const s = await loadWorld(scenario)
  const f = s?.flows[flow]
  if (s === undefined || f === undefined)
    throw new RangeError(`<Stack>: there is no flow ${flow} of ${scenario}`)
  const w = walk(s.topology, f)
  const at = w.steps[keys(w).indexOf(step)]
  if (at === undefined) throw new RangeError(`<Stack>: ${scenario} ${flow} has no step ${step}`)
  return (
    <div className={css.stack} role="group" aria-label={prose.packetAt(step)} tabIndex={0}>
      <HeaderStack packet={at.packet} before={null} mtu={mtuAt(s.topology, at)} />
    </div>
  )
}
