import type { Outline, OutlineScene } from '#components/chapter/outline.ts'
import { minutesOf } from '#components/chapter/outline.ts'
import { askedIn, exercisesOf } from '#components/chapter/told.ts'
import { taskFile } from '#components/goals/author.ts'
import { answerTo } from '#components/predict/answer.ts'
import { believes } from '#components/words/en/believes.ts'
import { predict as words } from '#components/words/en/predict.ts'
import { command, type Edit } from '#lib/index.ts'

/* A chapter as a teacher needs it: all of it is read out of the chapter and computed. */

/** An answer of an exercise; `why` says of a wrong one what leads to it. */
export interface Option {
  readonly says: string
  readonly why: string | null
}
/** An exercise, and what solves it. */
export interface Exercise {
  readonly id: string
  readonly scene: OutlineScene | null
  readonly asks: string
  readonly options: readonly Option[]
  /** The right answer, or the lines that one types; '' where the chapter itself says it below the question. */
  readonly solution: string
  /** The file of goals that marks it; null where there is none. */
  readonly marks: string | null
}
export interface Lesson {
  readonly slug: string
  readonly title: string
  readonly afterwards: string
  readonly minutes: number
  readonly scenes: number
  readonly beliefs: readonly string[]
  readonly exercises: readonly Exercise[]
  /** How many questions of earlier chapters it asks. */
  readonly recalls: number
}

interface Written {
  readonly slug: string
  readonly title: string
  readonly outline: Outline
}

type Asked = ReturnType<typeof askedIn>[number]

async function questionOf({ of, scene }: Asked): Promise<{
  readonly exercise: Exercise
  readonly beliefs: readonly string[]
}> {
  const { predicted, why, right } = await answerTo(of)
  const said = predicted.options.map((o) => words.outcome(o.outcome))
  const beliefs = predicted.options.flatMap(({ why: from }) =>
    from !== null && typeof from === 'object' && 'belief' in from ? [believes.of(from.belief)] : [],
  )
  const options = said.map((says, i) => ({ says, why: i === right ? null : (why[i] ?? '') }))
  return {
    beliefs,
    exercise: {
      id: of.id,
      scene: scene ?? null,
      asks: words.asks(of.ask),
      options,
      solution: said[right] ?? '',
      marks: null,
    },
  }
}

/** What is to be built in a chapter. */
const tasksOf = (outline: Outline): readonly Exercise[] =>
  exercisesOf(outline, 'Build').map(({ of, scene = null }) => {
    const name = (of as { readonly task: string }).task
    const { task } = taskFile(name)
    return {
      id: name,
      scene,
      asks: `${task.title}. ${task.asks}`,
      options: [],
      solution: task.solution.map((e) => command(e as Edit)).join('\n'),
      marks: `packet-walk check content/tasks/${name}.yaml FILE`,
    }
  })

/** What is asked and answered in the text alone. */
const checksOf = (outline: Outline): readonly Exercise[] =>
  exercisesOf(outline, 'Check').map(({ line, of, scene = null }) => ({
    id: `check-${line}`,
    scene,
    asks: (of as { readonly question: string }).question,
    options: [],
    solution: '',
    marks: null,
  }))

/** A chapter's lesson. */
export async function lessonOf({ slug, title, outline }: Written): Promise<Lesson> {
  const recalls = exercisesOf(outline, 'Recall').map((r) => (r.of as { readonly id: string }).id)
  const own = askedIn(outline).filter((q) => !recalls.includes(q.of.id))
  const asked = await Promise.all(own.map(questionOf))
  return {
    slug,
    title,
    afterwards: outline.afterwards,
    minutes: minutesOf(outline.words),
    scenes: outline.scenes.length,
    beliefs: [...new Set(asked.flatMap((a) => a.beliefs))],
    exercises: [...asked.map((a) => a.exercise), ...checksOf(outline), ...tasksOf(outline)],
    recalls: recalls.length,
  }
}
