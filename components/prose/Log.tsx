import { Fragment } from 'react'
import { flowLog, type FlowRecord } from '#lib/index.ts'
import { listed } from '#components/chapter/check.ts'
import { flowNames } from '#components/figure/store/walked.ts'
import { prose } from '#components/words/en/prose.ts'
import { walkFor } from './walked.ts'
import css from './prose.module.css'

interface Props {
  readonly scenario: string
  readonly whatIfs?: string
  /** Names, with commas between them. */
  readonly flows: string
  /** Only this node's interfaces, and only what is said in this direction. */
  readonly of?: string
  readonly direction?: string
}

/** What of a record is shown, its fields as AWS names them: what packets share to be counted together, and below it what is counted. */
const FIELDS = [
  ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'],
  ['packets', 'bytes', 'action'],
] as const satisfies readonly (readonly (keyof FlowRecord)[])[]
const WIDE = FIELDS[0].length

/** The lines that a VPC's flow log has of walks, shortened to the fields that speak of the packet, put in when the page is built. */
export async function Log({ scenario, whatIfs = '', flows, of = '', direction = '' }: Props) {
  const names = listed(flows)
  const groups = await Promise.all(
    names.map(async (flow) => {
      const now = await walkFor('Log', { scenario, flow, whatIfs })
      const said = new Map(flowNames(now.scenario)).get(flow) ?? flow
      return { flow, said: names.length > 1 ? said : null, records: flowLog(now.walk) }
    }),
  )
  const shown = groups.map((g) => ({
    ...g,
    records: g.records.filter(
      (r) =>
        r['interface-id'].includes(of) && (direction === '' || r['flow-direction'] === direction),
    ),
  }))
  if (shown.some((g) => g.records.length === 0))
    throw new RangeError(`<Log>: ${scenario} ${flows} has no record ${of} ${direction}`)
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={prose.flowLog}>
      <table className={css.log}>
        <thead>
          {FIELDS.map((row) => (
            <tr key={row[0]}>
              {row.map((f) => (
                <th key={f} scope="col">
                  {f}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        {shown.map((g) => (
          <Records key={g.flow} said={g.said} records={g.records} />
        ))}
      </table>
    </div>
  )
}

/** Those of one walk, each under the interface that wrote it. */
function Records({
  said,
  records,
}: {
  readonly said: string | null
  readonly records: readonly FlowRecord[]
}) {
  return (
    <tbody>
      {records.map((r, i) => {
        const eni = r['interface-id']
        const head = i === 0 || records[i - 1]!['interface-id'] !== eni
        return (
          <Fragment key={`${eni} ${r['flow-direction']}`}>
            {head && (
              <tr>
                <th scope="rowgroup" colSpan={WIDE}>
                  {said ?? eni}
                </th>
              </tr>
            )}
            {FIELDS.map((row) => (
              <tr key={row[0]} data-action={r.action}>
                {row.map((f) => (
                  <td key={f}>{r[f]}</td>
                ))}
              </tr>
            ))}
          </Fragment>
        )
      })}
    </tbody>
  )
}
