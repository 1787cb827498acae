import { applyAll, fact, loadWorld, walk } from '#lib/index.ts'
import css from './prose.module.css'

interface Props {
  readonly scenario: string
  readonly flow?: string
  readonly whatIfs?: string
  readonly name: string
}

/** A number from the walk itself, put in when the page is built: text cannot drift from the engine. */
export async function Fact({ scenario, flow, whatIfs = '', name }: Props) {
  const s = await loadWorld(scenario)
  if (s === undefined) throw new RangeError(`<Fact>: no world is called ${scenario}`)
  const f = flow === undefined ? Object.values(s.flows)[0] : s.flows[flow]
  if (f === undefined) throw new RangeError(`<Fact>: ${scenario} has no flow ${flow ?? ''}`)
  let topology = s.topology
  for (const id of whatIfs.split(',').filter((x) => x !== '')) {
    const w = s.whatIfs[id]
    if (w === undefined) throw new RangeError(`<Fact>: ${scenario} has no what-if ${id}`)
    topology = applyAll(topology, w.edits)
  }
  return <span className={css.fact}>{fact(walk(topology, f), name)}</span>
}
