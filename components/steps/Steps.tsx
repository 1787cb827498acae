import { listed } from '#components/chapter/check.ts'
import { Unscripted } from './Unscripted.tsx'
import { Forms } from './Forms.tsx'
import { legsOf } from './legs.ts'

interface Props {
  readonly id: string
  readonly scenario: string
  readonly flow: string
  readonly whatIfs?: string
  readonly figure?: string
}

/** A walk in three forms, one offered after the other: told, half to be filled, blank. */
export async function Steps({ id, scenario, flow, whatIfs, figure = '' }: Props) {
  const of = { id, scenario, flow, whatIfs: listed(whatIfs) }
  const legs = await legsOf(of)
  return (
    <>
      <Forms of={of} figure={figure} count={legs.length} />
      <Unscripted legs={legs} />
    </>
  )
}
