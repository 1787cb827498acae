import { use, type ReactNode } from 'react'
import type { Prediction } from '#lib/index.ts'
import { predict as words } from '#components/words/predict.ts'
import { answerTo, type Answer } from './answer.ts'

const answers = new Map<string, Promise<Answer>>()

interface Props {
  readonly of: Prediction
  readonly children?: ReactNode
}

/** The answer as pages are built with it. No page has this file. */
export function Built({ of, children }: Props) {
  const name = JSON.stringify(of)
  const known = answers.get(name) ?? answerTo(of)
  answers.set(name, known)
  const { right, said, predicted } = use(known)
  return (
    <details>
      <summary>{words().withoutScript}</summary>
      <p>{words().outcome(predicted.options[right]!.outcome)}</p>
      <p>{said}</p>
      {children}
    </details>
  )
}
