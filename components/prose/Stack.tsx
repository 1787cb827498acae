import { mtuAt } from '#lib/index.ts'
import { HeaderStack } from '#components/packet/HeaderStack.tsx'
import { prose } from '#components/words/en/prose.ts'
import { stepFor, walkFor, type Named } from './walked.ts'
import css from './prose.module.css'

/** The envelopes of a packet at a step, put in when the page is built. */
export async function Stack({ step, ...named }: Named & { readonly step: string }) {
  const now = await walkFor('Stack', named)
  const at = stepFor('Stack', now, step)
  return (
    <div className={css.stack} role="group" aria-label={prose.packetAt(step)} tabIndex={0}>
      <HeaderStack packet={at.packet} before={null} mtu={mtuAt(now.topology, at)} />
    </div>
  )
}
