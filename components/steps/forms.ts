import { useState, useSyncExternalStore } from 'react'
import { keepAs, keptAs } from '#components/site/device.ts'
import { notLoaded } from '#components/save/take.ts'
import type { Away } from '#components/words/en/away.ts'
import type { Leg, Way } from './legs.ts'

/** How much of a walk is told. */
export const FORMS = ['whole', 'half', 'blank'] as const
export type Form = (typeof FORMS)[number]
const NAME = 'steps'

const isForm = (x: unknown): x is Form => FORMS.some((f) => f === x)
const never = (): (() => void) => () => {}

/** The form that was done last of a walk, kept on this device; null: none. */
export function doneOf(id: string): Form | null {
  const kept = keptAs(NAME)[id]
  return isForm(kept) ? kept : null
}

/** The form that is offered after another. */
export const after = (done: Form | null): Form =>
  done === null ? 'whole' : done === 'whole' ? 'half' : 'blank'

/** Is the reader asked where it goes from here? Every other place of the half one, the first told. */
export const asked = (form: Form, leg: number): boolean =>
  form === 'blank' || (form === 'half' && leg % 2 === 1)

/** What the reader has said so far: a number of an option, null where it was shown or told. */
export interface Filling {
  readonly form: Form
  readonly legs: readonly Leg[]
  readonly said: readonly (number | null)[]
}

/** As far as nobody is asked. */
function told(f: Filling): Filling {
  const said = [...f.said]
  while (said.length < f.legs.length && !asked(f.form, said.length)) said.push(null)
  return { ...f, said }
}

export const begun = (form: Form, legs: readonly Leg[]): Filling => told({ form, legs, said: [] })

/** One place more; null shows it. */
export const filled = (f: Filling, option: number | null): Filling =>
  f.said.length >= f.legs.length ? f : told({ ...f, said: [...f.said, option] })

export const isDone = (f: Filling): boolean => f.said.length === f.legs.length

export interface Forms {
  readonly offered: Form
  readonly filling: Filling | null
  readonly away: Away | null
  readonly begin: (form: Form) => void
  readonly give: (option: number | null) => void
}

/** A walk in its forms, as the reader goes through them. */
export function useForms(of: Way): Forms {
  const [filling, setFilling] = useState<Filling | null>(null)
  const [away, setAway] = useState<Away | null>(null)
  const kept = useSyncExternalStore(
    never,
    () => doneOf(of.id),
    () => null,
  )
  const to = (f: Filling): void => {
    if (isDone(f)) keepAs(NAME, of.id, f.form)
    setFilling(f)
  }
  return {
    offered: after(kept),
    filling,
    away,
    begin: (form) => {
      setAway(null)
      import('./legs.ts')
        .then(({ legsOf }) => legsOf(of))
        .then(
          (legs) => to(begun(form, legs)),
          () => setAway(notLoaded()),
        )
    },
    give: (option) => {
      if (filling !== null) to(filled(filling, option))
    },
  }
}
