import { Conflist } from '#components/bench/Conflist.tsx'
import { Night } from '#components/bench/Night.tsx'
import { Piles } from '#components/bench/Piles.tsx'
import { Register } from '#components/bench/Register.tsx'
import { Twins } from '#components/bench/Twins.tsx'
import { Heading2, Heading3 } from '#components/chapter/Heading.tsx'
import { Cards, Lead, Scene, Stage } from '#components/chapter/Scene.tsx'
import { Decides } from '#components/decides/Decides.tsx'
import { termOver } from '#components/glossary/Term.tsx'
import { Build } from '#components/goals/Build.tsx'
import { Goals } from '#components/goals/Goals.tsx'
import { Answers } from '#components/hands/Answers.tsx'
import { Hands } from '#components/hands/Hands.tsx'
import { Lease } from '#components/hands/Lease.tsx'
import { Survives } from '#components/hands/Survives.tsx'
import { Wrote } from '#components/hands/Wrote.tsx'
import { Be } from '#components/predict/Be.tsx'
import { Recall } from '#components/predict/Recall.tsx'
import { Predict } from '#components/predict/Predict.tsx'
import { Steps } from '#components/steps/Steps.tsx'
import { At } from '#components/prose/At.tsx'
import { Census } from '#components/prose/Census.tsx'
import { Fact } from '#components/prose/Fact.tsx'
import { Figure } from '#components/prose/Figure.tsx'
import { Frames } from '#components/prose/Frames.tsx'
import { Log } from '#components/prose/Log.tsx'
import { Probes } from '#components/prose/Probes.tsx'
import { Stack } from '#components/prose/Stack.tsx'
import { Table } from '#components/prose/Table.tsx'
import { prose } from '#components/words/en/prose.ts'
import css from '#components/prose/prose.module.css'

type Kids = { readonly children?: React.ReactNode }
/** The closed set of elements a chapter may use. */
const ELEMENTS = {
  Figure,
  Lead,
  Stage,
  Cards,
  Scene,
  At,
  Fact,
  Stack,
  Decides,
  Predict,
  Be,
  Recall,
  Steps,
  Goals,
  Build,
  Probes,
  Frames,
  Log,
  Hands,
  Survives,
  Lease,
  Answers,
  Wrote,
  Census,
  Conflist,
  Night,
  Piles,
  Register,
  Twins,
  /** What belongs to a header, in its colour. */
  Hue: ({ of, children }: Kids & { readonly of: string }) => (
    <span className="hue" data-hue={of} data-mono="true">
      {children}
    </span>
  ),
  Term: termOver([]),
  Command: ({ children }: Kids) => <code className={css.command}>{children}</code>,
  /** A note in the margin: a line until it is opened. */
  Callout: ({ title, children }: Kids & { readonly title: string }) => (
    <details className={css.note}>
      <summary>{title}</summary>
      {children}
    </details>
  ),
  Recap: ({ children }: Kids) => (
    <section className={css.recap} data-recap="" aria-label={prose.recap}>
      <strong>{prose.takeAway}</strong>
      {children}
    </section>
  ),
  Check: ({ question, children }: Kids & { readonly question: string }) => (
    <details className={css.check}>
      <summary>{question}</summary>
      <div>{children}</div>
    </details>
  ),
  Sources: ({ children }: Kids) => (
    <details className={css.sources}>
      <summary>{prose.sources}</summary>
      {children}
    </details>
  ),
  h2: Heading2,
  h3: Heading3,
  table: Table,
  pre: (p: React.ComponentProps<'pre'>) => <pre tabIndex={0} {...p} />,
}

export function useMDXComponents() {
  return ELEMENTS
}
