import { LateLab } from '#components/lab/LateLab.tsx'
import { At } from '#components/prose/At.tsx'
import { Fact } from '#components/prose/Fact.tsx'
import { Stack } from '#components/prose/Stack.tsx'
import css from '#components/prose/prose.module.css'

const words = (s: string | undefined): readonly string[] | undefined => (s === undefined ? undefined : s.split(',').map((x) => x.trim()).filter((x) => x !== ''))

interface FigureProps { readonly id: string; readonly scenario: string; readonly flow?: string; readonly whatIfs?: string; readonly step?: string; readonly alter?: string; readonly switch?: string; readonly compare?: string }

/** A live walk in a lesson. Strings only: that is all that crosses from prose. */
function Figure({ id, scenario, flow, whatIfs, step, alter, switch: to, compare }: FigureProps) {
  const a = words(alter)
  const w = words(to)
  return <LateLab id={id} scenario={scenario} {...(flow === undefined ? {} : { flow })} whatIfs={words(whatIfs) ?? []} {...(step === undefined || step === '' ? {} : { step })} {...(a === undefined ? {} : { alter: a })} {...(w === undefined ? {} : { switches: w })} {...(compare === undefined ? {} : { against: compare })} />
}

type Kids = { readonly children?: React.ReactNode }
/** The closed set of elements a chapter may use. */
const ELEMENTS = {
  Figure, At, Fact, Stack,
  /** What belongs to a header, in its colour. */
  Hue: ({ of, children }: Kids & { readonly of: string }) => <span className="hue" data-hue={of} data-mono="true">{children}</span>,
  Term: ({ children }: Kids) => <dfn className={css.term}>{children}</dfn>,
  Command: ({ children }: Kids) => <code className={css.command}>{children}</code>,
  Callout: ({ title, children }: Kids & { readonly title: string }) => <div className={css.callout} role="note" aria-label={title}><strong>{title}</strong>{children}</div>,
  Recap: ({ children }: Kids) => <section className={css.recap} aria-label="Recap"><strong>To take with you</strong>{children}</section>,
  Check: ({ question, children }: Kids & { readonly question: string }) => <details className={css.check}><summary>{question}</summary><div>{children}</div></details>,
  Sources: ({ children }: Kids) => <section className={css.sources} aria-label="Sources"><strong>Sources</strong>{children}</section>,
  table: (p: React.ComponentProps<'table'>) => <div className="scroll" tabIndex={0} role="region" aria-label="Table"><table {...p} /></div>,
  pre: (p: React.ComponentProps<'pre'>) => <pre tabIndex={0} {...p} />,
}

export function useMDXComponents() { return ELEMENTS }
