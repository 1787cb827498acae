import { topologyAt } from '#lib/index.ts'
import { stepFor, walkFor, type Named } from '#components/prose/walked.ts'
import { decided } from './decided.ts'
import { Decision } from './Decision.tsx'

interface Props extends Named {
  readonly step: string
  readonly table?: string
}

/** The tables that decide at a step of a walk, put in when the page is built: the walk's own rows, and the one that won is the engine's. */
export async function Decides({ table, step: key, ...named }: Props) {
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
