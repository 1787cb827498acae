import { topologyAt } from '#lib/index.ts'
import { stepFor, walkFor, type Named } from '#components/prose/walked.ts'
import { decided } from './decided.ts'
import { Decision } from './Decision.tsx'

/** Which step of which walk, and of the tables that were asked there, which. */
export interface Props extends Named {
  readonly step: string
  readonly table?: string
}

/** The tables as pages are built with them. No page has this file. */
export async function Built({ table, step: key, ...named }: Props) {
  const now = await walkFor('Decides', named)
  const step = stepFor('Decides', now, key)
  const topology = topologyAt(now.walk, step.n)
  const all = decided(step, topology)
  const asked = table === undefined ? all : all.filter((t) => t.table === table)
  if (asked.length === 0)
    throw new RangeError(
      `<Decides>: no table${table === undefined ? '' : ` ${table}`} decides at ${key}${all.length === 0 ? '' : `; there are ${all.map((t) => t.table).join(', ')}`}`,
    )
  return (
    <>
      {asked.map((t) => (
        <Decision key={t.table} table={t} step={step} topology={topology} />
      ))}
    </>
  )
}
