import { capture, DROPS, find, flowLog, pwru, recordText, tcpdump, type Step, type Walk } from '#lib/index.ts'
import css from './Observers.module.css'

const MOST = 6
const PROTO: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }

/** What those who watch see at this step: a capture on this device, the security group, the flow log, a kernel tracer. */
export function Observers({ walk, step }: { readonly walk: Walk; readonly step: Step }) {
  const inVpc = walk.before.source.derive(step.in)?.kind === 'vpc'
  const frames = walk.frames.filter((f) => f.in === step.in && f.dev === step.dev && f.step <= step.n)
  const records = flowLog(walk, step.n)
  const ips = step.packet.headers.filter((h) => h.kind === 'ipv4')
  const outer = find(step.packet, 'ipv4')
  const inner = ips[ips.length - 1]
  const at = step.packet.headers.findIndex((h) => h.kind === 'ipv4')
  const l4 = step.packet.headers[at + 1]
  const hidden = ips.length > 1 && outer !== undefined && inner !== undefined && outer.src !== inner.src
  const name = pwru(step.stage, step.decision.kind === 'device' ? step.decision.did : null)
  const look = step.dev === null ? null : capture(walk.before, { in: step.in, dev: step.dev })
  const dropped = step.drop === null ? null : DROPS[step.drop.reason]
  return (
    <div className={css.observers}>
      {inVpc ? (
        <section>
          <p className={css.title}>The security group and the VPC see</p>
          {outer === undefined ? <p>An ARP question: the VPC answers it itself.</p> : <pre tabIndex={0}>{`${PROTO[outer.proto] ?? outer.proto}  ${outer.src}${l4?.kind === 'udp' || l4?.kind === 'tcp' ? `:${l4.sport}` : ''} → ${outer.dst}${l4?.kind === 'udp' || l4?.kind === 'tcp' ? `:${l4.dport}` : ''}`}</pre>}
          {hidden && <p>The packet inside, {inner.src} → {inner.dst}, is payload to them: no rule can match it, no log names it.</p>}
          <p className={css.small}>Nobody can run tcpdump here.</p>
        </section>
      ) : (
        <section>
          <p className={css.title}>A capture {step.dev === null ? `in ${step.in}` : `on ${step.dev}`} shows</p>
          {look === null ? <p>The packet is between devices: a capture sees it where it enters and where it leaves.</p> : (
            <>
              <pre tabIndex={0}>{[look.command, ...(frames.length > MOST ? [`… ${frames.length - MOST} earlier`] : []), ...frames.slice(-MOST).map((f) => tcpdump(f.packet))].join('\n')}</pre>
              {frames.length === 0 && <p>Nothing yet.</p>}
              {look.note !== null && <p className={css.small}>{look.note}</p>}
            </>
          )}
        </section>
      )}
      <section>
        <p className={css.title}>The VPC flow log has so far</p>
        {records.length === 0 ? <p>Nothing: no packet has crossed an interface of the VPC.</p> : (
          <>
            <p className={css.small}>default format (version 2; the account and the times are stand-ins)</p>
            <pre tabIndex={0}>{records.map((r) => recordText(r, false)).join('\n')}</pre>
            <p className={css.small}>custom format: interface-id srcaddr dstaddr srcport dstport protocol packets bytes action tcp-flags pkt-srcaddr pkt-dstaddr flow-direction</p>
            <pre tabIndex={0}>{records.map((r) => recordText(r, true)).join('\n')}</pre>
          </>
        )}
      </section>
      <section>
        <p className={css.title}>A kernel tracer names</p>
        <p>{name === null ? (inVpc ? 'Nothing: this happens outside every kernel you can trace.' : 'Nothing: this happens in a program.') : <><code>{name}</code>, as pwru prints it.</>}</p>
        {dropped !== null && <p>{dropped.kernel === null ? 'No drop reason of the kernel’s own.' : <>kfree_skb with reason <code>{`SKB_DROP_REASON_${dropped.kernel}`}</code>.</>}</p>}
      </section>
    </div>
  )
}
