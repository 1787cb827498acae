import { listedWorld, predict, type Predicted, type Prediction, type Why } from '#lib/index.ts'
import { saying } from '#components/figure/store/stops.ts'
import { predict as words } from '#components/words/predict.ts'

/** What is said when a question was answered. A file of its own: until then no page has an engine for it, and no answer. */
export interface Answer {
  readonly right: number
  /** What the step that decides says. */
  readonly said: string
  /** Of each option, which belief leads to it; of the right one nothing. */
  readonly why: readonly string[]
  readonly predicted: Predicted
}

function believed(why: Why | null, { scenario }: Predicted): string {
  if (why === null) return ''
  if (why === 'unchanged') return words().unchanged
  if ('belief' in why) return words().believes(why.belief)
  if ('whatIf' in why) return words().whatIf(scenario.whatIfs[why.whatIf]!.title)
  return words().world(listedWorld(why.world).title)
}

export async function answerTo(of: Prediction): Promise<Answer> {
  const predicted = await predict(of)
  const { walk, decides, options, right } = predicted
  return {
    right,
    said: saying(walk, walk.steps[decides]!),
    why: options.map((o) => believed(o.why, predicted)),
    predicted,
  }
}
