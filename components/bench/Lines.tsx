import { bench as words } from '#components/words/bench.ts'
import type { RegisterLine } from '#lib/index.ts'

/** A register as it stands, and what it has cost. */
export function Lines({
  lines,
  callers,
}: {
  readonly lines: readonly RegisterLine[]
  readonly callers: number
}) {
  const says = words().register
  if (lines.length === 0) return null
  return (
    <>
      <table aria-label={says.register}>
        <thead>
          <tr>
            {[says.team, says.node, says.number].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((l) => (
            <tr key={l.team}>
              <td>{l.team}</td>
              <td>{l.node}</td>
              <td>{l.number}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{says.callers(callers)}</p>
    </>
  )
}
