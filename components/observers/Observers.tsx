import { flowLog, recordText, type Step, type Walk } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import { Capture } from './Capture.tsx'
import { InVpc } from './InVpc.tsx'
import { Tracer } from './Tracer.tsx'
import css from './Observers.module.css'

/** Fields of the flow log in the order of recordText(). */
const CUSTOM =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes action tcp-flags pkt-srcaddr pkt-dstaddr flow-direction'

/** What those who watch see at this step: a capture on this device, the security group, the flow log, a kernel tracer. */
export function Observers({ walk, step }: { readonly walk: Walk; readonly step: Step }) {
  const inVpc = walk.before.source.derive(step.in)?.kind === 'vpc'
  const records = flowLog(walk, step.n)
  return (
    <div className={css.observers}>
      {inVpc ? <InVpc step={step} /> : <Capture walk={walk} step={step} />}
      <section>
        <p className={css.title}>{figure().flowLog}</p>
        {records.length === 0 ? (
          <p>{figure().flowLogEmpty}</p>
        ) : (
          <>
            <p className={css.small}>{figure().flowLogDefault}</p>
            <pre tabIndex={0}>{records.map((r) => recordText(r, false)).join('\n')}</pre>
            <p className={css.small}>{figure().flowLogCustom(CUSTOM)}</p>
            <pre tabIndex={0}>{records.map((r) => recordText(r, true)).join('\n')}</pre>
          </>
        )}
      </section>
      <Tracer walk={walk} step={step} inVpc={inVpc} />
    </div>
  )
}
