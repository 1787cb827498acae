import { rulesOf, spaces, vpcAssumes, type Topology, type judgeKept } from '#lib/index.ts'
import { compared } from '#components/words/compared.ts'

/** Differences shown; more of them say no more. */
const MOST = 20

interface Props {
  readonly verdict: ReturnType<typeof judgeKept>
  readonly topology: Topology
}

/** What differs, what may differ and did, what was not verified, and what stood in for the VPC. */
export function Verdict({ verdict, topology }: Props) {
  const used = rulesOf(verdict.allowances)
  return (
    <>
      {verdict.differences.length > 0 && (
        <ul>
          {verdict.differences.slice(0, MOST).map((d) => (
            <li key={d}>{d}</li>
          ))}
        </ul>
      )}
      {used.length > 0 && (
        <>
          <h4>{compared().mayDiffer}</h4>
          <dl>
            {used.map(({ rule, count, text }) => (
              <div key={rule}>
                <dt>{compared().ruleTimes(rule, count)}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {verdict.notVerified.length > 0 && (
        <>
          <h4>{compared().notVerified}</h4>
          <ul>
            {verdict.notVerified.map((x) => (
              <li key={x}>{x}</li>
            ))}
          </ul>
        </>
      )}
      {spaces(topology).some((s) => s.kind === 'vpc') && (
        <>
          <h4>{compared().vpcTitle}</h4>
          <p>{compared().vpcText}</p>
          <ul>
            {vpcAssumes().map((x) => (
              <li key={x}>{x}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
