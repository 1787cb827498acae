import { LateFigure } from '#components/figure/LateFigure.tsx'

const words = (s: string | undefined): readonly string[] | undefined =>
  s === undefined
    ? undefined
    : s
        .split(',')
        .map((x) => x.trim())
        .filter((x) => x !== '')

interface FigureProps {
  readonly id: string
  readonly scenario: string
  readonly flow?: string
  readonly whatIfs?: string
  readonly step?: string
  readonly alter?: string
  readonly switch?: string
  readonly compare?: string
}

/** A live walk in a lesson. Strings only: that is all that crosses from prose. */
export function Figure({
  id,
  scenario,
  flow,
  whatIfs,
  step,
  alter,
  switch: to,
  compare,
}: FigureProps) {
  const a = words(alter)
  const w = words(to)
  return (
    <LateFigure
      id={id}
      scenario={scenario}
      {...(flow === undefined ? {} : { flow })}
      whatIfs={words(whatIfs) ?? []}
      {...(step === undefined || step === '' ? {} : { step })}
      {...(a === undefined ? {} : { alter: a })}
      {...(w === undefined ? {} : { switches: w })}
      {...(compare === undefined ? {} : { against: compare })}
    />
  )
}
