import { ipOf, isIp, type Step } from '#lib/index.ts'
import { figure } from '#components/words/figure.ts'
import css from './Observers.module.css'

const PROTO: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }

/** What a security group and the VPC see of a packet: its outermost addresses and ports. */
export function InVpc({ step }: { readonly step: Step }) {
  const { headers } = step.packet
  const outer = ipOf(step.packet)
  const inner = headers.findLast((h) => isIp(h))
  const l4 = headers[headers.findIndex((h) => isIp(h)) + 1]
  const ports = l4?.kind === 'udp' || l4?.kind === 'tcp' ? l4 : null
  const port = (n: number | undefined): string => (n === undefined ? '' : `:${n}`)
  return (
    <section>
      <p className={css.title}>{figure().vpcSees}</p>
      {outer === undefined ? (
        <p>{figure().arpInVpc}</p>
      ) : (
        <pre
          tabIndex={0}
        >{`${PROTO[outer.proto] ?? outer.proto}  ${outer.src}${port(ports?.sport)} → ${outer.dst}${port(ports?.dport)}`}</pre>
      )}
      {outer !== undefined && inner !== undefined && outer.src !== inner.src && (
        <p>{figure().insideUnseen(inner.src, inner.dst)}</p>
      )}
      <p className={css.small}>{figure().noTcpdump}</p>
    </section>
  )
}
