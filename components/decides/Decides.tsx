import {
  applyAll,
  keys,
  loadWorld,
  topologyAt,
  walk,
  type Step,
  type Topology,
} from '#lib/index.ts'
import { decided } from './decided.ts'
import { Decision } from './Decision.tsx'

interface Props {
  readonly scenario?: string
  readonly flow?: string
  readonly whatIfs?: string
  readonly step: string
  readonly table?: string
}

/** The tables that decide at a step of a walk, put in when the page is built: the walk's own rows, and the one that won is the engine's. */
export async function Decides({ table, ...props }: Props) {
  const { step, topology } = await find(props)
  const all = decided(step, topology)
  const asked = table === undefined ? all : all.filter((t) => t.table === table)
  if (asked.length === 0)
    throw new RangeError(
      `<Decides>: no table${table === undefined ? '' : ` ${table}`} decides at ${props.step}${all.length === 0 ? '' : `; there are ${all.map((t) => t.table).join(', ')}`}`,
    )
  return (
    <>
      {asked.map((t) => (
        <Decision key={t.table} table={t} step={step} topology={topology} />
      ))}
    </>
  )
}

async function find({
  scenario = '',
  flow,
  whatIfs = '',
  step,
}: Omit<Props, 'table'>): Promise<{ readonly step: Step; readonly topology: Topology }> {
  const s = await loadWorld(scenario)
  if (s === undefined) throw new RangeError(`<Decides>: no world is called ${scenario}`)
  const f = flow === undefined ? Object.values(s.flows)[0] : s.flows[flow]
  if (f === undefined) throw new RangeError(`<Decides>: ${scenario} has no flow ${flow ?? ''}`)
  let before = s.topology
  for (const id of whatIfs
    .split(',')
    .map((x) => x.trim())
    .filter((x) => x !== '')) {
    const w = s.whatIfs[id]
    if (w === undefined) throw new RangeError(`<Decides>: ${scenario} has no what-if ${id}`)
    before = applyAll(before, w.edits)
  }
  const w = walk(before, f)
  const at = w.steps[keys(w).indexOf(step)]
  if (at === undefined) throw new RangeError(`<Decides>: ${scenario} has no step ${step}`)
  return { step: at, topology: topologyAt(w, at.n) }
}
