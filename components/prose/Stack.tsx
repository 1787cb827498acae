import { keys, mtuAt, SCENARIOS, walk } from '#lib/index.ts'
import { HeaderStack } from '#components/packet/HeaderStack.tsx'
import css from './prose.module.css'

interface Props { readonly scenario: string; readonly flow: string; readonly step: string }

/** The envelopes of a packet at a step, put in when the page is built. */
export function Stack({ scenario, flow, step }: Props) {
  const s = SCENARIOS[scenario]
  const f = s?.flows[flow]
  if (s === undefined || f === undefined) throw new RangeError(`<Stack>: there is no flow ${flow} of ${scenario}`)
  const w = walk(s.topology, f)
  const at = w.steps[keys(w).indexOf(step)]
  if (at === undefined) throw new RangeError(`<Stack>: ${scenario} ${flow} has no step ${step}`)
  return <div className={css.stack} role="group" aria-label={`The packet at ${step}`} tabIndex={0}><HeaderStack packet={at.packet} before={undefined} mtu={mtuAt(s.topology, at)} /></div>
}
