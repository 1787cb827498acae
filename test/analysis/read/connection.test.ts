import { describe, expect, it } from 'vitest'
import {
  connection,
  space,
  tableAsTool,
  topologyAt,
  walk,
  type Step,
  type Walk,
} from '#lib/index.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

const w = walk(
  SCENARIOS['docker-bridge']!.topology,
  Object.values(SCENARIOS['docker-bridge']!.flows)[0]!,
)
const translated = (leg: 'forward' | 'back', from: Walk = w): Step[] =>
  from.steps.filter(
    (s) =>
      s.decision.kind === 'hook' &&
      s.decision.from !== undefined &&
      from.messages[s.message]?.leg === leg,
  )
const printed = (s: Step): string | undefined => {
  const r = connection(topologyAt(w, s.n), s)
  return r === null
    ? undefined
    : tableAsTool(space(w.after, r.in)!, 'conntrack').lines.find((l) => l.row === r.row)?.text
}

describe('the connection a packet belongs to', () => {
  it('is not written yet when its first packet is translated', () => {
    expect(
      connection(topologyAt(w, translated('forward')[0]!.n), translated('forward')[0]!),
    ).toBeNull()
  })
  it('is found for the answer, on both hosts, and is what translates it back', () => {
    const back = translated('back').slice(0, 2)
    expect(back.map((s) => s.in)).toEqual(['node-2', 'node-1'])
    expect(printed(back[0]!)).toMatch(
      /src=192\.168\.0\.100 dst=192\.168\.0\.200 .*src=172\.17\.0\.3 dst=192\.168\.0\.100/,
    )
    expect(printed(back[1]!)).toMatch(
      /src=172\.17\.0\.2 dst=192\.168\.0\.200 .*src=192\.168\.0\.200 dst=192\.168\.0\.100/,
    )
  })
  it('is no matter where nothing is tracked', () => {
    expect(
      w.steps
        .filter((s) => s.decision.kind === 'fdb' || s.decision.kind === 'route')
        .every((s) => connection(w.after, s) === null),
    ).toBe(true)
  })
})
