import type { Stage, Step, Walk } from '#lib/index.ts'
import type { Box } from './layout/index.ts'

/** What a gate has said: all questions asked so far were answered with yes; one with no; or it was not asked yet. */
export type Mark = 'passed' | 'refused' | 'open'
/** A question of a gate. */
export type Question = 'source' | 'destination' | 'acl' | 'group'

const QUESTIONS: { readonly [S in Stage]?: Question } = {
  'sg-egress': 'group',
  'src-check': 'source',
  'acl-egress': 'acl',
  'acl-ingress': 'acl',
  'sg-ingress': 'group',
  'dst-check': 'destination',
}

export type Asked = readonly [Question, Mark]

export interface Gate {
  readonly mark: Mark
  /** In the order in which they are asked; those to come are open. */
  readonly asked: readonly Asked[]
}

/** What the gate of an ENI asks of a message, and has said up to a step. */
export function gateOf(walk: Walk, box: Box, { message, n }: Pick<Step, 'message' | 'n'>): Gate {
  const asked = new Map<Question, Mark>()
  for (const s of walk.steps) {
    const question = QUESTIONS[s.stage]
    if (question === undefined || s.message !== message || s.dev !== box.id) continue
    // It is told only where it is the end: everybody asks for the source's.
    if (s.stage === 'dst-check' && s.drop === null) continue
    const mark: Mark = s.n > n ? 'open' : s.drop === null ? 'passed' : 'refused'
    // Who goes in circles is asked again and again: what was said stays said.
    if (mark !== 'open' || !asked.has(question)) asked.set(question, mark)
  }
  const marks = [...asked.values()]
  return same({
    asked: [...asked],
    mark: marks.includes('refused') ? 'refused' : marks.includes('passed') ? 'passed' : 'open',
  })
}

const known = new Map<string, Gate>()
/** What was said before is the same thing again: a gate that says it is not drawn anew. There are few. */
function same(gate: Gate): Gate {
  const name = gate.asked.join(' ')
  const found = known.get(name) ?? gate
  known.set(name, found)
  return found
}
