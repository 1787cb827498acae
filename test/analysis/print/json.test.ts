import { expect, it } from 'vitest'
import { encode, toJson, walk, type Walk } from '#lib/index.ts'
import { see } from '../../facts/see.ts'
import { SCENARIOS } from '#lib/worlds/all.ts'

interface Printed {
  readonly delivered: boolean
  readonly drop: { readonly reason: string; readonly kernel: string | null } | null
  readonly steps: readonly {
    readonly stage: string
    readonly refs: readonly { readonly table: string; readonly row: object | null }[]
    readonly drop?: object
  }[]
  readonly frames: readonly { readonly hex: string }[]
}
/** As a reader gets it: through JSON and back. */
const printed = (w: Walk): Printed => JSON.parse(JSON.stringify(toJson(w))) as Printed
const s = SCENARIOS['vpc-cni']!
const w = walk(s.topology, s.flows['frontend-1-to-backend-2']!)

it('has the bytes of every frame in hex', () => {
  expect(printed(w).frames.map((f) => f.hex)).toEqual(
    w.frames.map((f) => Buffer.from(encode(f.packet)).toString('hex')),
  )
})
it('a route rests on two rows: its own, and the rule that chose its table', () => {
  const route = printed(w).steps.find((x) => x.stage === 'route')!
  expect(route.refs.map((r) => r.table).slice(0, 2)).toEqual(['routes', 'rules'])
  expect(route.refs.every((r) => r.row !== null)).toBe(true)
})
it('names what ended a walk as the kernel does, at the step where it did', () => {
  const lost = see('flannel-vxlan', 'ping', { flow: { ttl: 1 } })
  const said = printed(lost)
  expect(said.delivered).toBe(false)
  expect(said.drop?.reason).toBe('ttl-exceeded')
  expect(said.steps.flatMap((x, i) => (x.drop === undefined ? [] : [i]))).toEqual([lost.loss!.step])
  expect(printed(w).drop).toBeNull()
})
